"""What a mutation touches, by hand; states before and after are told in one way."""

import numpy as np
import pytest

from protea.applications.properties.changes.reversal import reversed_example
from protea.applications.properties.changes.site_states import NUM_CONTEXT, site_states, sums_of_states
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS
from tests.applications.properties.made_changes import change

SEQUENCE = "MKVLAGDERYWTSQNPHICFM"


def test_the_mutated_residue_and_five_to_either_side_are_touched() -> None:
    states = site_states([change("x", SEQUENCE, "W11A"), change("y", SEQUENCE, "M1A"), change("z", SEQUENCE)])
    assert [int(np.sum(states.example_of == row)) for row in range(3)] == [22, 12, 0]
    before = states.letter[(states.example_of == 0) & ~states.is_after]
    assert "".join(STANDARD_LETTERS[code] for code in before) == SEQUENCE[5:16]
    after = states.letter[(states.example_of == 0) & states.is_after]
    assert "".join(STANDARD_LETTERS[code] for code in after) == "GDERYATSQNP"
    assert states.sign.sum() == 0


def test_the_context_of_a_residue_does_not_hold_its_own_letter() -> None:
    states = site_states([change("x", SEQUENCE, "W11A")])
    own = states.letter[states.is_after] != states.letter[~states.is_after]
    before, after = states.context[~states.is_after], states.context[states.is_after]
    assert own.sum() == 1
    assert (before[own] == after[own]).all()
    # W and A differ in hydropathy and volume; K and D in neither share of turns nor, here, anything but charge.
    assert ((before[~own] != after[~own]).any(axis=1)).all()


def test_context_by_hand() -> None:
    # Around the middle of GGG there are two G: all turns, no charge, and 1 residue from either end.
    states = site_states([change("x", "GGG", "G2K")])
    middle = states.context[~states.is_after][1]
    assert middle.shape == (NUM_CONTEXT,)
    assert middle[4:6].tolist() == [1.0, 0.0]
    assert middle[6] == pytest.approx(np.exp(-1 / 5))
    assert middle[2] == 0.0  # no neighbour at 3 or 4
    # After the mutation both ends have one K and one G around them.
    assert states.context[states.is_after][0, 4:6].tolist() == [0.5, 0.5]


def test_the_way_back_has_the_same_states_on_the_other_side() -> None:
    item = change("x", SEQUENCE, "W11A", "T12G", "M1C")
    one, other = site_states([item]), site_states([reversed_example(item)])
    assert (one.context[one.is_after] == other.context[~other.is_after]).all()
    assert (one.letter[~one.is_after] == other.letter[other.is_after]).all()
    value = np.arange(one.letter.size, dtype=np.float64)
    assert sums_of_states(one, value, True) == value[one.is_after].sum()


def test_burial_belongs_to_the_place() -> None:
    burial = np.linspace(-1, 1, len(SEQUENCE))
    states = site_states([change("x", SEQUENCE, "W11A")], [burial])
    assert states.context[states.is_after][:, -1].tolist() == burial[5:16].tolist()
    assert (site_states([change("x", SEQUENCE, "W11A")], [None]).context[:, -1] == 0).all()
    with pytest.raises(InputError, match="burial of another length"):
        site_states([change("x", SEQUENCE, "W11A")], [burial[1:]])


def test_what_is_no_substitution_of_this_sequence_is_refused() -> None:
    for names, message in ((("K1A",), "does not fit"), (("M1*",), "not a substitution"), (("M99A",), "does not fit")):
        with pytest.raises(InputError, match=message):
            site_states([change("x", SEQUENCE, *names)])
    with pytest.raises(InputError, match="no change"):
        site_states([])
