"""Chains of an mmCIF file that share an author's name and residue numbers: the copies of an assembly, say.

gemmi joins all atoms of one author chain, number, insertion code and name to one residue. Where these are of several
`label_asym_id` or `label_seq_id`, and an atom comes twice, they are several residues: the later ones get a chain name
of their own while gemmi reads, so that the copies stay apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import gemmi
import numpy as np
from jaxtyping import Int, Shaped, UInt8

from protea.protein.readers.name_table import text_key

__all__ = ["are_atoms_single", "rename_copies"]

_ODD = np.uint64(0x9E3779B97F4A7C15)
_LETTER = np.uint64(56)
_RESIDUE = ("pdbx_PDB_model_num", "auth_asym_id", "auth_seq_id", "pdbx_PDB_ins_code", "label_comp_id")


def are_atoms_single(
    size: Int[np.ndarray, "residue"], atom_name: Shaped[np.ndarray, "atom"], altloc: UInt8[np.ndarray, "atom"]
) -> bool:
    """Return whether no residue (of these numbers of atoms) has an atom of one name and alternative twice."""
    residue = np.repeat(np.arange(len(size), dtype=np.uint64), size)
    key = text_key(atom_name) ^ (residue * _ODD) ^ (altloc.astype(np.uint64) << _LETTER)
    key.sort()
    return not (key[1:] == key[:-1]).any()


def rename_copies(block: gemmi.cif.Block) -> dict[bytes, bytes]:
    """Rename in place author chains whose residues another chain of their name has; return the names that they had."""
    column = {item: [*block.find_values(f"_atom_site.{item}")] for item in (*_RESIDUE, "label_asym_id", "label_seq_id")}
    author = column["auth_asym_id"]
    residues = list(zip(*(column[item] for item in _RESIDUE if column[item]), strict=True))
    units = _units(residues, list(zip(author, column["label_asym_id"], strict=True)), column["label_seq_id"])
    own: dict[_Unit, set[tuple[str, ...]]] = {}
    for unit, residue in zip(units, residues, strict=True):
        own.setdefault(unit, set()).add(residue)
    met: dict[str, set[tuple[str, ...]]] = {}
    name_of: dict[_Unit, str] = {}
    for unit, places in own.items():
        if met.setdefault(unit.author, set()) & places:
            name_of[unit] = _free_name(len(name_of), author)
        met[unit.author] |= places
    values = block.find_values("_atom_site.auth_asym_id")
    for row, unit in enumerate(units):
        if unit in name_of:
            values[row] = name_of[unit]
    return {name.encode(): gemmi.cif.as_string(unit.author).encode() for unit, name in name_of.items()}


class _Unit(NamedTuple):
    """What holds each residue once: a label chain of an author chain, or a part of it."""

    author: str
    label: str
    part: int


def _units(
    residues: Sequence[tuple[str, ...]], chains: Sequence[tuple[str, str]], label_seq: Sequence[str]
) -> list[_Unit]:
    """Return the unit of each row; a part ends where a residue comes again at another place of the sequence."""
    place_of: dict[tuple[str, ...], str] = {}
    part_of: dict[tuple[str, str, str], int] = {}
    units = []
    for row, (residue, chain) in enumerate(zip(residues, chains, strict=True)):
        model = residue[0]
        part, place = part_of.setdefault((model, *chain), 0), label_seq[row] if label_seq else ""
        if place_of.setdefault((*residue, *chain, str(part)), place) != place:
            part_of[model, *chain] = part = part + 1
            place_of[*residue, *chain, str(part)] = place
        units.append(_Unit(*chain, part))
    return units


def _free_name(number: int, taken: Sequence[str]) -> str:
    return next(name for name in (f"{mark}{number}" for mark in "~^!%") if name not in taken)
