"""The next residue is joined where it stands as near as a bond lets it."""

from protea.protein.joined_residues import is_joined_to_next
from protea.protein.readers.read import read_structure_bytes
from tests.protein.samples import SEQUENCE, observed_pdb


def test_neighbours_are_joined_and_no_gap_is() -> None:
    text = observed_pdb(SEQUENCE, {place: f"{place}" for place in (0, 1, 2, 4, 5)})
    assert is_joined_to_next(read_structure_bytes("made.pdb", text)).tolist() == [True, True, False, True, False]
