"""A table of atoms, as pandas writes one (columns, index, data), as a protein.

One row per atom with the columns that Biopython gives: `hetero` is blank for residues, `W` or `H_...` for others;
`insertion_code` and `altloc` are blank where there is none.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from protea.errors import FileFormatError, describe
from protea.protein.readers.flat import build_protein
from protea.protein.readers.table import BLANK, AtomTable, StructureFile, atomic_numbers
from protea.protein.record import Protein, Provenance

__all__ = ["ATOM_COLUMNS", "atom_table", "frame_columns", "protein_of_atoms"]

ATOM_COLUMNS = (
    "model", "chain", "hetero", "insertion_code", "residue", "resname", "altloc", "occupancy", "bfactor", "x", "y", "z",
    "element", "name",
)  # fmt: skip
"""The columns that make a protein."""
_LONGEST_NAME = 8


def frame_columns(tree: Any, where: str, needed: Sequence[str]) -> dict[str, list[Any]]:
    """Return the needed columns of a table; raise FileFormatError where one is missing or a row has another length."""
    if not isinstance(tree, Mapping) or not {"columns", "data"} <= set(tree):
        raise FileFormatError(describe("not a table", where=where, expected="columns, index and data"))
    names, rows = list(tree["columns"]), tree["data"]
    missing = [name for name in needed if name not in names]
    if missing:
        raise FileFormatError(describe(f"no column {missing}", where=where, found=str(names)))
    if any(len(row) != len(names) for row in rows):
        raise FileFormatError(describe("a row of another length", where=where, expected=f"{len(names)} columns"))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return {name: list(columns[names.index(name)]) for name in needed}


def atom_table(tree: Any, where: str) -> AtomTable:
    """Return the atoms of a table in their order; raise FileFormatError where a value is not what its column holds."""
    columns = frame_columns(tree, where, ATOM_COLUMNS)
    num = len(columns["x"])
    if not num:
        raise FileFormatError(describe("no atoms", where=where, expected="a row per atom"))
    element, atomic_number = atomic_numbers(_text(columns["element"], "element", where))
    position = np.stack([_number(columns[axis], axis, where, None) for axis in "xyz"], axis=1)
    hetero = _text(columns["hetero"], "hetero", where)
    return AtomTable(
        model=_whole(columns["model"], "model", where),
        chain=_text(columns["chain"], "chain", where),
        residue_name=_text(columns["resname"], "resname", where),
        residue_number=_whole(columns["residue"], "residue", where).astype(np.int32),
        insertion_code=_character(columns["insertion_code"], "insertion_code", where),
        label_number=np.zeros(num, np.int32),
        polymer=np.full(num, -1, np.int8),
        segment=np.zeros(num, np.int32),
        is_closed=np.zeros(num, bool),
        is_hetero=hetero != b"",
        atom_name=_text(columns["name"], "name", where),
        atomic_number=atomic_number,
        element=element,
        altloc=_character(columns["altloc"], "altloc", where),
        occupancy=_number(columns["occupancy"], "occupancy", where, 1.0).astype(np.float32),
        b_factor=_number(columns["bfactor"], "bfactor", where, 0.0).astype(np.float32),
        position=position,
    )


def protein_of_atoms(id: str, atoms: AtomTable, source: str) -> Protein:
    """Return the first model of a table of atoms as a record; raise FileFormatError where it holds no residue."""
    models = tuple(dict.fromkeys(atoms.model.tolist()))
    file = StructureFile(id, atoms, models, Provenance(source=source, file_format="atom3d"))
    protein = build_protein(file)
    if not len(protein):
        raise FileFormatError(describe("no residue of a protein", where=source, found=f"{len(atoms)} atoms"))
    return protein


def _text(column: list[Any], name: str, where: str) -> np.ndarray:
    """Return names without blanks around them, as bytes."""
    if not all(isinstance(value, str) for value in column):
        raise _wrong(column, name, where, "text", lambda value: isinstance(value, str))
    text = [value.strip() for value in column]
    if any(len(value) > _LONGEST_NAME or not value.isascii() for value in text):
        raise _wrong(text, name, where, f"at most {_LONGEST_NAME} letters",
                     lambda value: len(value) <= _LONGEST_NAME and value.isascii())  # fmt: skip
    return np.array(text, dtype=f"S{_LONGEST_NAME}")


def _character(column: list[Any], name: str, where: str) -> np.ndarray:
    """Return codes of one character, blank where there is none."""
    text = _text(column, name, where)
    if (np.char.str_len(text) > 1).any():
        raise _wrong(text.tolist(), name, where, "one character", lambda value: len(value) <= 1)
    code = text.astype("S1").view(np.uint8).copy()
    code[code == 0] = BLANK
    return code


def _number(column: list[Any], name: str, where: str, absent: float | None) -> np.ndarray:
    """Return finite numbers; `absent` stands for those that are not stated, if it is given."""

    def is_right(value: Any) -> bool:
        if value is None:
            return absent is not None
        return isinstance(value, int | float) and math.isfinite(value)

    if not all(map(is_right, column)):
        raise _wrong(column, name, where, "finite numbers", is_right)
    return np.array([absent if value is None else value for value in column], np.float64)


def _whole(column: list[Any], name: str, where: str) -> np.ndarray:
    number = _number(column, name, where, None)
    if (number != np.round(number)).any() or np.abs(number).max(initial=0) > 2**31 - 1:
        raise _wrong(column, name, where, "whole numbers", lambda value: value == round(value) and abs(value) < 2**31)
    return number.astype(np.int64)


def _wrong(column: list[Any], name: str, where: str, expected: str, is_right: Any) -> FileFormatError:
    row = next(row for row, value in enumerate(column) if not is_right(value))
    return FileFormatError(
        describe(f"column {name!r}, row {row}", where=where, expected=expected, found=repr(column[row])[:80])
    )
