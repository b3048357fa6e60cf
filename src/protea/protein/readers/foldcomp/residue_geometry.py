"""Bond lengths and angles of O, CB and the further atoms of each residue type, as the FoldComp format fixes them.

The file stores torsions only; an atom is right only with the very lengths and angles that its writer assumed. They are
facts of the format, not the geometry that Protea would choose. Axes: code (residue types in the file's order), slot
(N, CA, C, O, CB ...: the order of `HEAVY_ATOMS`).
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, UInt8

from protea.protein.chemistry import ATOM_CODE, HEAVY_ATOMS
from protea.protein.readers.foldcomp.layout import LETTERS

__all__ = ["BOND_CA_C", "BOND_C_N", "BOND_N_CA", "BOND_N_CA_AFTER_PROLINE", "NUM_SLOTS", "ResidueGeometry",
           "residue_geometry"]  # fmt: skip

NUM_SLOTS = 14
BOND_N_CA, BOND_CA_C, BOND_C_N = 1.4581, 1.5281, 1.3311
BOND_N_CA_AFTER_PROLINE = 1.353
"""The format means proline's own N-CA bond, but applies the length to the residue after it, going forward only."""


class ResidueGeometry(NamedTuple):
    """The slots of the three atoms that an atom hangs on (nearest last), and where it is seen from there.

    `along` is its coordinate along the bond of the two nearest (-length * cos(angle)), `aside` its distance from that
    line (length * sin(angle)), angstrom.
    """

    num_slots: Int[np.ndarray, " code"]
    atom_code: UInt8[np.ndarray, "code slot"]
    parents: Int[np.ndarray, "slot 3 code"]
    along: Float[np.ndarray, "slot code"]
    aside: Float[np.ndarray, "slot code"]


@cache
def residue_geometry() -> ResidueGeometry:
    """Return the table; rows of N, CA, C are empty."""
    num_codes = len(LETTERS)
    table = ResidueGeometry(
        num_slots=np.array([len(HEAVY_ATOMS[letter]) for letter in LETTERS]),
        atom_code=np.zeros((num_codes, NUM_SLOTS), np.uint8),
        parents=np.zeros((NUM_SLOTS, 3, num_codes), np.int64),
        along=np.zeros((NUM_SLOTS, num_codes), np.float32),
        aside=np.zeros((NUM_SLOTS, num_codes), np.float32),
    )
    for code, letter in enumerate(LETTERS):
        for slot, name in enumerate(HEAVY_ATOMS[letter]):
            table.atom_code[code, slot] = ATOM_CODE[name]
    rows = _rows()
    for row in rows:
        names = HEAVY_ATOMS[row["residue"]]
        code, slot = LETTERS.index(row["residue"]), names.index(row["atom"])
        parent_of = {"C": "CA", "CA": "N"}
        parent_of |= {other["atom"]: other["parent"] for other in rows if other["residue"] == row["residue"]}
        near = row["parent"]
        # CB hangs on CA with C and O behind it; all other atoms follow the chain of bonds from N.
        behind = ("O", "C") if row["atom"] == "CB" else (parent_of[parent_of[near]], parent_of[near])
        table.parents[slot, :, code] = [names.index(name) for name in (*behind, near)]
        length, angle = float(row["length"]), np.radians(float(row["angle"]))
        table.along[slot, code] = -length * np.cos(angle)
        table.aside[slot, code] = length * np.sin(angle)
    for array in table:
        array.flags.writeable = False
    return table


def _rows() -> list[dict[str, str]]:
    text = files(__package__).joinpath("residue_geometry.csv").read_text(encoding="ascii")
    return list(csv.DictReader(text.splitlines()))
