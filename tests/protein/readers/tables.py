"""Atom tables written row by row, so that what comes after parsing is tested without a file."""

from dataclasses import dataclass

import numpy as np

from protea.protein.readers.table import AtomTable, StructureFile, atomic_numbers
from protea.protein.record import Provenance

__all__ = ["Row", "atom_table", "structure_file"]


@dataclass(frozen=True)
class Row:
    """One atom: a row of `AtomTable` with defaults; the position is (x, 0, 0), in angstrom."""

    name: str
    residue: str = "GLY"
    number: int = 1
    x: float = 1.0
    chain: str = "A"
    code: str = " "
    altloc: str = " "
    occupancy: float = 1.0
    b_factor: float = 20.0
    element: str = "C"
    model: int = 1
    label: int = 0
    polymer: int = -1
    segment: int = 0
    is_closed: bool = False
    is_hetero: bool = False


def atom_table(*rows: Row) -> AtomTable:
    """Return the table of some rows, in their order."""
    element, atomic_number = atomic_numbers(np.array([row.element for row in rows], dtype="S2"))
    return AtomTable(
        model=np.array([row.model for row in rows], np.int64),
        chain=np.array([row.chain for row in rows], "S8"),
        residue_name=np.array([row.residue for row in rows], "S8"),
        residue_number=np.array([row.number for row in rows], np.int32),
        insertion_code=np.array([ord(row.code) for row in rows], np.uint8),
        label_number=np.array([row.label for row in rows], np.int32),
        polymer=np.array([row.polymer for row in rows], np.int8),
        segment=np.array([row.segment for row in rows], np.int32),
        is_closed=np.array([row.is_closed for row in rows], bool),
        is_hetero=np.array([row.is_hetero for row in rows], bool),
        atom_name=np.array([row.name for row in rows], "S8"),
        atomic_number=atomic_number,
        element=element,
        altloc=np.array([ord(row.altloc) for row in rows], np.uint8),
        occupancy=np.array([row.occupancy for row in rows], np.float32),
        b_factor=np.array([row.b_factor for row in rows], np.float32),
        position=np.array([(row.x, 0.0, 0.0) for row in rows], np.float64).reshape(-1, 3),
    )


def structure_file(
    *rows: Row, seqres: dict[str, tuple[str, ...]] | None = None, plddt: str | None = None
) -> StructureFile:
    """Return a parsed file called `x` that holds some rows."""
    return StructureFile(
        name="x",
        atoms=atom_table(*rows),
        models=tuple(dict.fromkeys(row.model for row in rows)),
        provenance=Provenance(source="x.pdb", file_format="pdb", notes=("first note",)),
        seqres=seqres or {},
        plddt=plddt,
    )
