"""A chain that holds a residue twice keeps both; a residue whose atoms are written apart stays one."""

import numpy as np
import pytest

from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.pdb_copies import separate_copies
from protea.protein.readers.pdb_lines import find_lines
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from tests.protein.samples import atom_line

ANISOU = "ANISOU    1  N   ALA A   1     1000   1000   1000      0      0      0       N"


def read(*lines: str) -> Protein:
    return read_structure_bytes("x.pdb", ("\n".join(lines) + "\n").encode())


def backbone(first: int, x: float, chain: str = "A") -> list[str]:
    """Return N, CA and C of alanine 1, glycine 2 and serine 3 along x."""
    return [
        atom_line(first + 3 * row + place, atom, name, row + 1, (x + 3.7 * row + step, 0, 0), chain=chain)
        for row, name in enumerate(("ALA", "GLY", "SER"))
        for place, (atom, step) in enumerate((("N", 0.0), ("CA", 1.4), ("C", 2.4)))
    ]


@pytest.mark.parametrize("between", [["TER"], []])
@pytest.mark.parametrize("extra", [[], [ANISOU]])
@pytest.mark.parametrize("chain", ["A", " "])
def test_two_copies_under_one_letter_are_both_kept(between: list[str], extra: list[str], chain: str) -> None:
    one, other = backbone(1, 0.0, chain), backbone(20, 50.0, chain)
    protein = read(one[0], *extra, *one[1:], *between, *other, *between, *backbone(40, 90.0, chain), "END")
    assert (protein.sequence, len(protein.chain_ids)) == ("AGSAGSAGS", 1)
    x = protein.atom_position[:, 0]
    assert (np.diff(x) > 0).all()  # in the order of the file
    assert x[[0, 9, 18]].tolist() == [0, 50, 90]
    assert protein.author_number.tolist() == [1, 2, 3] * 3
    assert any(note.startswith("residue numbers used more than once: 6") for note in protein.provenance.notes)
    assert not any("duplicate" in note for note in protein.provenance.notes)


def test_atoms_of_one_residue_that_are_written_apart_are_joined_to_the_latest_copy() -> None:
    oxygen = [atom_line(60 + row, "O", "ALA", 1, (x, 1.0, 0)) for row, x in enumerate((2.4, 52.4))]
    protein = read(*backbone(1, 0.0), oxygen[0], "TER", *backbone(20, 50.0), oxygen[1], "END")
    assert protein.sequence == "AGSAGS"
    grid = protein.atom37()
    is_there = grid.is_resolved[:, ATOM_CODE["O"]]
    assert is_there.tolist() == [True, False, False, True, False, False]
    assert grid.position[is_there, ATOM_CODE["O"], 0].tolist() == pytest.approx([2.4, 52.4])


@pytest.mark.parametrize("extra", [[], [ANISOU]])
def test_a_ter_parts_two_copies_of_one_residue(extra: list[str]) -> None:
    one, other = backbone(1, 0.0)[:3], backbone(20, 50.0)[:3]
    protein = read(one[0], *extra, *one[1:], "TER", *other, "TER", "END")
    assert (protein.sequence, protein.num_atoms) == ("AA", 6)


def test_a_ter_closes_the_segment_of_its_own_atoms() -> None:
    # The free glutamate stands behind TER: it is a ligand, wherever gemmi puts the atoms of the alanine.
    oxygen = atom_line(30, "O", "ALA", 1, (2.4, 1.0, 0))
    free = [
        atom_line(40 + place, atom, "GLU", 9, (80.0 + place, 0, 0), record="HETATM")
        for place, atom in enumerate(("N", "CA", "C"))
    ]
    protein = read(*backbone(1, 0.0), oxygen, "TER", *free, "END")
    assert (protein.sequence, protein.ligands.ccd_name.tolist()) == ("AGS", ["GLU"])


def test_alternatives_and_other_models_are_no_copies() -> None:
    lines = [
        atom_line(1, "N", "SER", 22, (0, 0, 0), altloc="A"),
        atom_line(2, "N", "THR", 22, (0, 0, 0), altloc="B"),
        atom_line(3, "CA", "SER", 22, (1, 0, 0), altloc="A"),
        atom_line(4, "CA", "THR", 22, (1, 0, 0), altloc="B"),
    ]
    data = ("\n".join(["MODEL        1", *lines, "ENDMDL", "MODEL        2", *lines, "ENDMDL", "END"]) + "\n").encode()
    text, order = separate_copies(data, find_lines(data))
    assert text == data
    assert order is not None
    assert order.tolist() == [0, 2, 1, 3, 4, 6, 5, 7]  # as gemmi joins them, residue by residue
    protein = read_structure_bytes("x.pdb", data)
    assert (protein.sequence, protein.provenance.num_models) == ("S", 2)


def test_a_file_without_copies_is_left_as_it_is() -> None:
    data = ("\n".join([*backbone(1, 0.0), "TER", *backbone(20, 50.0, "B"), "END"]) + "\n").encode()
    text, order = separate_copies(data, find_lines(data))
    assert text is data
    assert order is None


def test_copies_in_a_file_with_old_codes() -> None:
    old = [f"{line[:72]}1ABC{number:>4}" for number, line in enumerate([*backbone(1, 0.0), *backbone(20, 50.0)])]
    protein = read(*old)
    assert protein.sequence == "AGSAGS"
    assert protein.atom_position[::3, 0].tolist() == pytest.approx([0, 3.7, 7.4, 50, 53.7, 57.4])
