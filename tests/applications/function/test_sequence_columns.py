"""Columns of short sequences counted by hand; unknown letters break windows; the order within a window matters."""

import numpy as np
import pytest

from protea.applications.function.sequence_columns import NUM_COLUMNS, sequence_columns
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS


def test_hand_worked() -> None:
    (row,) = sequence_columns(["AACA"])
    a, c = STANDARD_LETTERS.index("A"), STANDARD_LETTERS.index("C")
    assert row.shape == (NUM_COLUMNS,)
    assert row[[a, c]] == pytest.approx(np.sqrt([3 / 4, 1 / 4]))
    pairs = row[20:420].reshape(20, 20)
    assert [pairs[a, a], pairs[a, c], pairs[c, a]] == pytest.approx([np.sqrt(1 / 3)] * 3)
    triples = row[420:763].reshape(7, 7, 7)  # A is in the first group, C in the last
    assert [triples[0, 0, 6], triples[0, 6, 0]] == pytest.approx([np.sqrt(1 / 2)] * 2)
    assert row[-1] == pytest.approx(np.log(4))
    assert np.square(row[:-1]).sum() == pytest.approx(3.0)  # each kind of share adds up to one


def test_windows_with_other_letters_are_not_counted() -> None:
    found = sequence_columns(["AXC", "A", "AéC"])
    assert np.square(found[:, :20]).sum(1) == pytest.approx([1, 1, 1])
    assert np.square(found[:, 20:763]).sum(1) == pytest.approx([0, 0, 0])


def test_nothing_to_count_is_refused() -> None:
    with pytest.raises(InputError, match="sequence 1"):
        sequence_columns(["AC", "XX"])
