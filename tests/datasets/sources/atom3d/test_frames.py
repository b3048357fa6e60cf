"""A table of atoms is the protein that it was made of, and a value that is none names its row."""

from typing import Any

import numpy as np
import pytest

from protea.datasets.sources.atom3d.frames import atom_table, frame_columns, protein_of_atoms
from protea.errors import FileFormatError
from tests.datasets.sources.atom3d.made_lmdb import COLUMNS, atom_rows, atoms_of, table
from tests.datasets.sources.published.made_site import entry


def test_a_table_is_the_protein_that_it_was_made_of() -> None:
    made = entry("1abc", zinc=False)
    protein = protein_of_atoms("p", atom_table(atoms_of(made), "here"), "here")
    assert (protein.sequence, protein.chain_ids) == (made.sequence, made.chain_ids)
    assert np.abs(protein.atom_position - made.atom_position).max() < 6e-4
    assert protein.atom_code.tolist() == made.atom_code.tolist()
    assert protein.author_number.tolist() == made.author_number.tolist()
    assert (protein.provenance.num_waters, protein.provenance.num_hydrogens) == (1, 1)
    assert len(protein.ligands) == 0


def changed(row: int, column: str, value: Any) -> dict[str, Any]:
    rows = atom_rows(entry("1abc", "A", zinc=False))
    rows[row][COLUMNS.index(column)] = value
    return table(COLUMNS, rows)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("x", None, "column 'x', row 3; expected finite numbers; found None"),
        ("y", float("nan"), "column 'y', row 3"),
        ("residue", 1.5, "column 'residue', row 3; expected whole numbers"),
        ("residue", "1", "column 'residue', row 3"),
        ("chain", None, "column 'chain', row 3; expected text"),
        ("resname", "TOOLONGNAME", "column 'resname', row 3; expected at most 8 letters"),
        ("altloc", "AB", "column 'altloc', row 3; expected one character"),
    ],
)
def test_a_value_that_is_none_names_its_row(column: str, value: Any, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        atom_table(changed(3, column, value), "here")


def test_what_was_not_stated_has_the_usual_value() -> None:
    assert atom_table(changed(3, "occupancy", None), "here").occupancy[3] == 1
    assert atom_table(changed(3, "bfactor", None), "here").b_factor[3] == 0


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (None, "not a table"),
        ({"columns": ["x"], "data": [[1]]}, "no column .*'model'"),
        (table(COLUMNS, [[1]]), "a row of another length"),
        (table(COLUMNS, []), "no atoms"),
    ],
)
def test_other_trees_are_refused(tree: Any, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        atom_table(tree, "here")


def test_columns_by_name_and_records_without_residues() -> None:
    assert frame_columns(table(["b", "a"], [[1, 2], [3, 4]]), "here", ("a",)) == {"a": [2, 4]}
    water = atom_rows(entry("1abc", zinc=False))[-1:]
    with pytest.raises(FileFormatError, match="no residue of a protein"):
        protein_of_atoms("p", atom_table(table(COLUMNS, water), "here"), "here")
