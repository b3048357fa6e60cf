"""What a residue name stands for: amino acid, nucleotide, water or anything else, and its one-letter parent.

Source: the table of the Chemical Component Dictionary inside gemmi (kinds AA, AAD, PAA, MAA: peptide-linking), with the
protonation-state names that force fields write, which the dictionary does not know. That table holds the frequent
components only: the parent of any other is looked up in the whole dictionary (`parent_letter`).
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import gemmi
from biotite.structure.info.ccd import get_ccd

from protea.protein.chemistry import LETTER_OF_NAME, WATERS

__all__ = ["ResidueInfo", "ResidueKind", "parent_letter", "residue_info"]

# Names of AMBER, CHARMM and GROMACS for states of standard residues.
_FORCE_FIELD_PARENT = {
    "HID": "H", "HIE": "H", "HIP": "H", "HSD": "H", "HSE": "H", "HSP": "H", "HISD": "H", "HISE": "H", "HISH": "H",
    "CYX": "C", "CYM": "C", "CYS2": "C", "ASH": "D", "ASPP": "D", "GLH": "E", "GLUP": "E", "LYN": "K", "LSN": "K",
    "ARN": "R", "TYM": "Y",
}  # fmt: skip
# Pyroglutamate comes from glutamine: the dictionary says so today, gemmi's copy still names glutamate.
_REVISED_PARENT = {"PCA": "Q"}
# Three-letter names of nucleotides in simulation files.
_OLD_NUCLEOTIDES = frozenset({"ADE", "CYT", "GUA", "THY", "URA", "RA", "RC", "RG", "RU"})
# Peptide caps: joined to the chain, but no residue.
_CAPS = frozenset({"ACE", "NH2", "NME", "NMA", "FOR", "NHE", "CH3"})


class ResidueKind(IntEnum):
    """What a group is. CAP: a blocking group at a chain end; UNKNOWN: not in the table."""

    OTHER = 0
    AMINO_ACID = 1
    NUCLEOTIDE = 2
    WATER = 3
    CAP = 4
    UNKNOWN = 5


@dataclass(frozen=True)
class ResidueInfo:
    """Kind of a residue name and the letter of its parent (X: none known)."""

    kind: ResidueKind
    letter: str


@cache
def residue_info(name: str) -> ResidueInfo:
    """Return the kind and parent letter of a residue name.

    Names are capital letters. One in lower case means what it seems to mean only if the atoms agree (`phe` has been
    seen for phenol), so an amino acid or nucleotide in lower case is of unknown kind, and its letter is kept.
    """
    if name != name.upper():
        info = residue_info(name.upper())
        is_water = info.kind is ResidueKind.WATER
        return info if is_water else ResidueInfo(ResidueKind.UNKNOWN, info.letter)
    if name in WATERS:
        return ResidueInfo(ResidueKind.WATER, "X")
    if name in _FORCE_FIELD_PARENT:
        return ResidueInfo(ResidueKind.AMINO_ACID, _FORCE_FIELD_PARENT[name])
    if name in _CAPS:
        return ResidueInfo(ResidueKind.CAP, "X")
    if name in _OLD_NUCLEOTIDES:
        return ResidueInfo(ResidueKind.NUCLEOTIDE, name[0])
    entry = gemmi.find_tabulated_residue(name)
    letter = entry.one_letter_code.upper()
    letter = _REVISED_PARENT.get(name, letter if "A" <= letter <= "Z" else "X")
    if entry.is_water():
        return ResidueInfo(ResidueKind.WATER, "X")
    if entry.is_amino_acid():
        return ResidueInfo(ResidueKind.AMINO_ACID, letter)
    if entry.is_nucleic_acid():
        return ResidueInfo(ResidueKind.NUCLEOTIDE, letter)
    return ResidueInfo(ResidueKind.OTHER if entry.found() else ResidueKind.UNKNOWN, "X")


def parent_letter(name: str) -> str:
    """Return the parent letter of a residue of any name, of several parents the first; X where there is none.

    The first name that `residue_info` does not know costs about a second: the whole dictionary is read.
    """
    info = residue_info(name)
    if info.kind is not ResidueKind.UNKNOWN or info.letter != "X":
        return info.letter
    return LETTER_OF_NAME.get(_parent_of().get(name.upper(), ""), "X")


@cache
def _parent_of() -> dict[str, str]:
    """Return the (first) parent of each component of the dictionary that has one."""
    components = get_ccd()["chem_comp"]
    names, parents = (components[item].as_array(str).tolist() for item in ("id", "mon_nstd_parent_comp_id"))
    return {name: parent.split(",")[0] for name, parent in zip(names, parents, strict=True) if parent[:1].isalnum()}
