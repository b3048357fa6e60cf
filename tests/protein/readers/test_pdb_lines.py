"""The check of all fields at once against a regular expression for one."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.protein.readers import pdb_lines

USUAL = re.compile(rb" *-?\d+\.\d{3}")
CHARACTERS = b" -0123456789.+/:;e,*AZ\x00\x7f"

numbers = st.one_of(
    st.floats(-999, 9999).map(lambda number: b"%8.3f" % number),
    st.floats(-1, 1).map(lambda number: b"%8.3f" % number),
    st.lists(st.sampled_from(CHARACTERS), min_size=8, max_size=8).map(bytes),
)


@st.composite
def fields(draw: st.DrawFn) -> bytes:
    text = bytearray(draw(numbers)[-8:])
    for place in draw(st.lists(st.integers(0, 7), max_size=2)):
        text[place] = draw(st.sampled_from(CHARACTERS))
    return bytes(text)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(fields(), min_size=1, max_size=40))
def test_a_number_is_usual_if_the_expression_says_so(texts: list[bytes]) -> None:
    word = np.frombuffer(b"".join(texts), dtype="<u8")
    expected = [USUAL.fullmatch(text) is not None for text in texts]
    assert pdb_lines._is_usual(word).tolist() == expected
    assert pdb_lines._are_usual(word) == all(expected)


def test_lines_are_found_with_and_without_a_last_line_end() -> None:
    for text in (b"ATOM  1\nTER\n\nHETATM\nATOMS\nEND", b"ATOM  1\nTER\n\nHETATM\nATOMS\nEND\n"):
        lines = pdb_lines.find_lines(text)
        assert lines.atom_line.tolist() == [0, 3, 4]
        assert lines.named(b"TER").tolist() == [1]
        assert lines.named(b"END").tolist() == [5]
        assert lines.stop[5] == text.rindex(b"END") + 3
