"""The way back: mutant as wild type, letters exchanged, label negated; twice is where one was."""

import pytest

from protea.applications.properties.changes.reversal import both_directions, reversed_example
from protea.errors import InputError
from tests.applications.properties.made_changes import change


def test_letters_and_label_are_turned_and_twice_is_the_same() -> None:
    item = change("x", "MKVLA", "K2R", "A5G", value=1.5)
    back = reversed_example(item)
    assert back.sequence == "MRVLG"
    assert [tuple(one) for one in back.mutations] == [(1, "R", "K"), (4, "G", "A")]
    assert float(back.value) == -1.5
    again = reversed_example(back)
    assert (again.sequence, again.mutations, float(again.value)) == (item.sequence, item.mutations, 1.5)
    assert back.mutant_sequence == "MKVLA"


def test_both_directions_are_the_examples_and_their_ways_back() -> None:
    items = [change("x", "MKV", "K2R", value=1.0), change("y", "MKV", "V3A", value=-2.0)]
    assert [float(one.value) for one in both_directions(items)] == [1.0, -2.0, -1.0, 2.0]


def test_a_stop_has_no_way_back() -> None:
    with pytest.raises(InputError, match=r"no way back .* found K to \*"):
        reversed_example(change("x", "MKV", "K2*"))
    with pytest.raises(InputError, match="needs a sequence"):
        reversed_example(change("x", "", "K2R"))
