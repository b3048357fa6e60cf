"""An entry is taken apart as it was written, or refused with what is wrong: never guessed at, never a crash."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.errors import FileFormatError
from protea.protein.readers.foldcomp.layout import LETTERS, parse_entry
from protea.protein.writers.foldcomp import format_foldcomp
from tests.protein.readers.foldcomp.made_chain import full_chain

CHAIN = full_chain(0, length=60)
DATA = format_foldcomp(CHAIN, "the title")


def test_fields_come_back() -> None:
    entry = parse_entry("x", DATA)
    assert (entry.sequence, entry.title, entry.chain, entry.first_number) == (CHAIN.sequence, "the title", "A", 1)
    assert entry.anchor.tolist() == [0, 20, 40, 59]
    assert np.array_equal(entry.anchor_position, CHAIN.backbone().position[[0, 20, 40, 59], :3])
    assert entry.oxt is not None
    assert np.array_equal(entry.oxt, CHAIN.atom_position[-1])
    value = CHAIN.b_factor[CHAIN.atom_ptr[:-1]]
    assert np.abs(entry.b_factor - value).max() <= np.ptp(value) / 255 / 2 + 1e-4
    assert len(entry) == 60


def test_bits_lie_where_the_format_puts_them() -> None:
    # Worked by hand: type 19, omega 0x5a5, psi 0xabc, phi 0x123, then CA-C-N 7, C-N-CA 8, N-CA-C 9.
    data = bytearray(DATA)
    place = len(data) - 8 - 60 - int(np.frombuffer(DATA, "<u4", 1, 16)[0]) - 8 * 60 + 8
    data[place : place + 8] = bytes([19 << 3 | 5, 0xA5, 0xAB, 0xC1, 0x23, 7, 8, 9])
    minimum, step = np.frombuffer(DATA, "<f4", 6, 28), np.frombuffer(DATA, "<f4", 6, 52)
    data[16:20] = (int.from_bytes(DATA[16:20], "little") + 0).to_bytes(4, "little")
    try:
        angle = parse_entry("x", bytes(data)).angle[1]
    except FileFormatError:  # the type changed and with it the number of torsions: keep the type
        data[place] = DATA[place] & 0xF8 | 5
        angle = parse_entry("x", bytes(data)).angle[1]
    wanted = np.radians(minimum + step * np.array([0x123, 0xABC, 0x5A5, 9, 7, 8], np.float32))
    assert np.allclose(angle, wanted, atol=1e-6)


def changed(at: int, to: bytes) -> bytes:
    return DATA[:at] + to + DATA[at + len(to) :]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a FoldComp entry"),
        (b"ATOM  ", "not a FoldComp entry"),
        (b"FCMP", "the header is cut"),
        (DATA[:-1], "another length than its header tells"),
        (DATA + b"xx", "another length than its header tells"),
        (DATA + b"x", "another length than its header tells"),
        (changed(4, b"\xff\xff"), "another length"),
        (changed(20, b"W" if CHAIN.sequence[0] != "W" else b"A"), "first and last residue differ"),
        (changed(28, np.float32(np.nan).tobytes()), "not finite, or absurd"),
        (changed(76, (1).to_bytes(4, "little")), "anchors out of order"),
        (changed(80, (70).to_bytes(4, "little")), "anchors out of order"),
    ],
)
def test_damage_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(FileFormatError, match=f"entry 7.*{message}"):
        parse_entry("entry 7", data)


def test_an_unknown_residue_is_refused() -> None:
    place = len(DATA) - 8 - 60 - int.from_bytes(DATA[16:20], "little") - 8 * 60
    with pytest.raises(FileFormatError, match="residue 2 is none of the twenty"):
        parse_entry("x", changed(place + 8, bytes([23 << 3])))
    other = LETTERS.index("W" if CHAIN.sequence[1] != "W" else "A")
    with pytest.raises(FileFormatError, match="another number of torsions"):
        parse_entry("x", changed(place + 8, bytes([other << 3])))


def test_the_zero_byte_of_a_database_is_no_damage() -> None:
    assert parse_entry("x", DATA + b"\0").sequence == CHAIN.sequence


@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=8), st.integers(0, 40))
def test_changed_bytes_give_an_entry_or_the_one_error(at: int, to: bytes, cut: int) -> None:
    try:
        entry = parse_entry("x", changed(at, to)[: len(DATA) - cut])
    except FileFormatError:
        return
    assert len(entry) == len(entry.angle) == len(entry.b_factor)
