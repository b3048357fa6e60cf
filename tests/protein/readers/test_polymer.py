"""Which groups are residues: one case for each part of the rule."""

from protea.protein.readers.groups import find_groups
from protea.protein.readers.polymer import MAX_PEPTIDE_BOND, find_residues
from tests.protein.readers.tables import Row, atom_table


def residue(name: str, number: int, x: float, **options) -> list[Row]:
    """Return N at x, CA at x + 1, C at x + 2; far from its neighbours if those stand 100 angstrom away."""
    return [Row(atom, name, number, x + i, **options) for i, atom in enumerate(("N", "CA", "C"))]


def is_residue(*residues: list[Row]) -> list[bool]:
    atoms = atom_table(*(row for rows in residues for row in rows))
    return find_residues(atoms, find_groups(atoms)).tolist()


def test_what_the_file_says_outweighs_atom_and_hetatm() -> None:
    said = [
        residue("GLY", 1, 0, polymer=1, is_hetero=True),
        residue("GLY", 2, 100, polymer=0),
        residue("QQ1", 3, 200, polymer=1, is_hetero=True),
        residue("QQ1", 4, 300, polymer=1)[:2],
        residue("QQ1", 5, 400, polymer=0),
        residue("ACE", 6, 500, polymer=1),
    ]
    assert is_residue(*said) == [True, False, True, False, False, False]


def test_hetatm_before_a_plain_residue_is_one_and_after_it_is_not() -> None:
    before, plain = residue("MSE", 1, 0, is_hetero=True), residue("GLY", 2, 100)
    assert is_residue(before, plain, residue("MSE", 3, 200, is_hetero=True)) == [True, True, False]


def test_a_ter_closes_the_chain_around_its_last_hetatm() -> None:
    inside = [residue("GLY", 1, 0, is_closed=True), residue("MSE", 2, 100, is_closed=True, is_hetero=True)]
    assert is_residue(*inside, residue("GLU", 3, 200, segment=1, is_hetero=True)) == [True, True, False]


def test_a_chain_of_hetatm_alone_is_a_peptide_unless_it_has_nucleotides() -> None:
    plain, alone = residue("GLY", 1, 0), residue("MSE", 1, 100, chain="B", is_hetero=True)
    assert is_residue(plain, alone) == [True, True]
    assert is_residue([Row("P", "DA", 9, 500, chain="B")], alone) == [False, False]


def test_a_peptide_bond_joins_within_two_angstrom_and_the_same_chain() -> None:
    """C of the first residue stands at x = 2, so the bond is x - 2 long."""
    plain = residue("GLY", 1, 0)
    for name in ("GLU", "QQ1"):
        for gap, is_bonded in ((MAX_PEPTIDE_BOND - 0.01, True), (MAX_PEPTIDE_BOND + 0.01, False)):
            hetero = residue(name, 2, 2 + gap, is_hetero=True)
            assert is_residue(plain, hetero) == [True, is_bonded]
    foreign = [residue("GLY", 1, 100, chain="B"), residue("GLU", 2, 3.3, chain="B", is_hetero=True)]
    assert is_residue(plain, *foreign) == [True, True, False]


def test_an_unknown_name_as_atom_needs_the_backbone() -> None:
    assert is_residue(residue("QQ1", 1, 0), residue("QQ2", 2, 100)[:2]) == [True, False]
