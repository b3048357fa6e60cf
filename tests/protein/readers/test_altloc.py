"""Which alternative location is kept, worked out by hand."""

from protea.protein.readers.altloc import AltlocChoice, choose_altlocs
from protea.protein.readers.groups import find_groups
from tests.protein.readers.tables import Row, atom_table


def choose(*rows: Row) -> AltlocChoice:
    atoms = atom_table(*rows)
    return choose_altlocs(atoms, find_groups(atoms))


def letter(name: str, altloc: str, occupancy: float, **place) -> Row:
    return Row(name, altloc=altloc, occupancy=occupancy, **place)


def test_the_mean_over_the_residue_decides_not_each_atom() -> None:
    """A has the highest single occupancy (0.9), B the highest mean (0.6 over 0.5)."""
    rows = [letter("CA", "A", 0.9), letter("CA", "B", 0.6), letter("CB", "A", 0.1), letter("CB", "B", 0.6)]
    choice = choose(Row("N"), *rows)
    assert choice.is_kept.tolist() == [True, False, True, False, True]
    assert (choice.size.tolist(), choice.num_alternative, choice.num_duplicates) == ([3], 1, 0)


def test_a_tie_goes_to_the_first_letter_of_the_alphabet() -> None:
    choice = choose(letter("CA", "B", 0.5), letter("CA", "A", 0.5))
    assert choice.is_kept.tolist() == [False, True]


def test_an_atom_that_the_winner_lacks_comes_from_the_next_letter_that_has_it() -> None:
    names = [("CA", "C", 0.5), ("CA", "A", 0.2), ("CA", "B", 0.3), ("CB", "A", 0.2), ("CB", "B", 0.3), ("CG", "A", 0.2)]
    choice = choose(*(letter(*name) for name in names))
    assert choice.is_kept.tolist() == [True, False, False, False, True, True]


def test_one_of_two_names_at_a_place_is_kept_with_the_shared_atoms() -> None:
    choice = choose(
        Row("N", "SER"),
        letter("CA", "A", 0.3, residue="SER"),
        letter("CA", "B", 0.7, residue="THR"),
        letter("CG2", "B", 0.7, residue="THR"),
    )
    assert choice.is_kept.tolist() == [True, False, True, True]
    assert choice.groups.of_atom[choice.is_kept].tolist() == [1, 1, 1]
    assert (choice.size.tolist(), choice.num_heterogeneous, choice.num_alternative) == ([0, 3], 1, 0)


def test_places_that_differ_in_insertion_code_or_chain_are_no_alternatives() -> None:
    for place in ({"code": "A"}, {"chain": "B"}, {"number": 2}, {"segment": 1}):
        choice = choose(letter("CA", "A", 0.3, residue="SER"), letter("CA", "B", 0.7, residue="THR", **place))
        assert choice.is_kept.all()
        assert choice.num_heterogeneous == 0


def test_of_an_atom_written_twice_the_first_is_kept() -> None:
    choice = choose(Row("N"), Row("CA", x=1.0), Row("CA", x=2.0), Row("CA", number=2))
    assert choice.is_kept.tolist() == [True, True, False, True]
    assert (choice.size.tolist(), choice.num_duplicates, choice.num_alternative) == ([2, 1], 1, 0)
