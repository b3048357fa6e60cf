"""Where a residue ends and the next begins."""

import pytest

from protea.protein.readers.groups import find_groups
from protea.protein.readers.residue_kinds import ResidueKind
from tests.protein.readers.tables import Row, atom_table


@pytest.mark.parametrize("change", [{"residue": "ALA"}, {"number": 2}, {"chain": "B"}, {"code": "A"}, {"segment": 1}])
def test_each_part_of_the_place_begins_a_group(change: dict) -> None:
    groups = find_groups(atom_table(Row("N"), Row("CA"), Row("N", **change)))
    assert (groups.start.tolist(), groups.size.tolist(), groups.of_atom.tolist()) == ([0, 2], [2, 1], [0, 0, 1])


def test_nothing_else_begins_a_group() -> None:
    groups = find_groups(atom_table(Row("N"), Row("CA", altloc="B", x=90.0, b_factor=1.0, is_hetero=True)))
    assert groups.size.tolist() == [2]


def test_a_place_met_again_is_a_new_group() -> None:
    groups = find_groups(atom_table(Row("N", chain="A"), Row("N", chain="B"), Row("CA", chain="A")))
    assert groups.of_atom.tolist() == [0, 1, 2]


@pytest.mark.parametrize("rare", [(), ("MSE", "ZN", "DA")])
def test_names_kinds_and_letters_with_and_without_rare_names(rare: tuple[str, ...]) -> None:
    names = ("TRP", "HOH", "ALA", *rare, "TRP")
    groups = find_groups(atom_table(*(Row("X", name, number) for number, name in enumerate(names))))
    assert tuple(groups.names[i] for i in groups.name_of) == names
    kind_of = {"HOH": ResidueKind.WATER, "ZN": ResidueKind.OTHER, "DA": ResidueKind.NUCLEOTIDE}
    letter_of = {"TRP": b"W", "ALA": b"A", "MSE": b"M", "DA": b"A"}
    assert groups.kind.tolist() == [kind_of.get(name, ResidueKind.AMINO_ACID) for name in names]
    assert groups.letter.tolist() == [letter_of.get(name, b"X") for name in names]


def test_a_table_without_atoms_has_no_groups() -> None:
    assert len(find_groups(atom_table())) == 0
