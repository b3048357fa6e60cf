"""What the twenty residues are made of: names, atoms, chi angles, ideal geometry.

Atom codes 0-36 are the AlphaFold atom37 order (Jumper et al. 2021, suppl. 1.2), so that `atom37` views are a scatter.
Lengths in angstrom, angles in radian. Bond lengths and angles after Engh and Huber (1991).
"""

import math

import numpy as np
from jaxtyping import Int

from protea.protein.alphabets import STANDARD_LETTERS

__all__ = [
    "ATOM37",
    "ATOM_CODE",
    "BACKBONE_ATOMS",
    "BOND_ANGLE_CA_C_N",
    "BOND_ANGLE_C_N_CA",
    "BOND_ANGLE_N_CA_C",
    "BOND_CA_C",
    "BOND_C_N",
    "BOND_N_CA",
    "CHI_ATOMS",
    "CHI_ATOM_CODES",
    "HEAVY_ATOMS",
    "LETTER_OF_NAME",
    "NAME_OF_CODE",
    "NAME_OF_LETTER",
    "NUCLEOTIDES",
    "WATERS",
]

ATOM37 = (
    "N", "CA", "C", "CB", "O", "CG", "CG1", "CG2", "OG", "OG1", "SG", "CD", "CD1", "CD2", "ND1", "ND2", "OD1", "OD2",
    "SD", "CE", "CE1", "CE2", "CE3", "NE", "NE1", "NE2", "OE1", "OE2", "CH2", "NH1", "NH2", "OH", "CZ", "CZ2", "CZ3",
    "NZ", "OXT",
)  # fmt: skip
ATOM_CODE = {name: code for code, name in enumerate(ATOM37)}
BACKBONE_ATOMS = ("N", "CA", "C", "O")

NAME_OF_LETTER = {
    "A": "ALA", "C": "CYS", "D": "ASP", "E": "GLU", "F": "PHE", "G": "GLY", "H": "HIS", "I": "ILE", "K": "LYS",
    "L": "LEU", "M": "MET", "N": "ASN", "P": "PRO", "Q": "GLN", "R": "ARG", "S": "SER", "T": "THR", "V": "VAL",
    "W": "TRP", "Y": "TYR",
}  # fmt: skip
NAME_OF_CODE = NAME_OF_LETTER | {"U": "SEC", "O": "PYL", "B": "ASX", "Z": "GLX"}
"""Three-letter names of all letters that stand for one residue or a pair; any other letter is UNK."""
LETTER_OF_NAME = {name: letter for letter, name in NAME_OF_LETTER.items()}

# Side-chain atoms beyond N, CA, C, O.
_SIDE_CHAIN = {
    "A": "CB", "C": "CB SG", "D": "CB CG OD1 OD2", "E": "CB CG CD OE1 OE2", "F": "CB CG CD1 CD2 CE1 CE2 CZ", "G": "",
    "H": "CB CG ND1 CD2 CE1 NE2", "I": "CB CG1 CG2 CD1", "K": "CB CG CD CE NZ", "L": "CB CG CD1 CD2",
    "M": "CB CG SD CE",
    "N": "CB CG OD1 ND2", "P": "CB CG CD", "Q": "CB CG CD OE1 NE2", "R": "CB CG CD NE CZ NH1 NH2", "S": "CB OG",
    "T": "CB OG1 CG2", "V": "CB CG1 CG2", "W": "CB CG CD1 CD2 NE1 CE2 CE3 CZ2 CZ3 CH2",
    "Y": "CB CG CD1 CD2 CE1 CE2 CZ OH",
}  # fmt: skip
HEAVY_ATOMS = {letter: (*BACKBONE_ATOMS, *names.split()) for letter, names in _SIDE_CHAIN.items()}

# The four atoms of each chi angle (IUPAC-IUB 1970).
CHI_ATOMS: dict[str, tuple[str, ...]] = {
    "R": ("N CA CB CG", "CA CB CG CD", "CB CG CD NE", "CG CD NE CZ"),
    "N": ("N CA CB CG", "CA CB CG OD1"),
    "D": ("N CA CB CG", "CA CB CG OD1"),
    "C": ("N CA CB SG",),
    "Q": ("N CA CB CG", "CA CB CG CD", "CB CG CD OE1"),
    "E": ("N CA CB CG", "CA CB CG CD", "CB CG CD OE1"),
    "H": ("N CA CB CG", "CA CB CG ND1"),
    "I": ("N CA CB CG1", "CA CB CG1 CD1"),
    "L": ("N CA CB CG", "CA CB CG CD1"),
    "K": ("N CA CB CG", "CA CB CG CD", "CB CG CD CE", "CG CD CE NZ"),
    "M": ("N CA CB CG", "CA CB CG SD", "CB CG SD CE"),
    "F": ("N CA CB CG", "CA CB CG CD1"),
    "P": ("N CA CB CG", "CA CB CG CD"),
    "S": ("N CA CB OG",),
    "T": ("N CA CB OG1",),
    "W": ("N CA CB CG", "CA CB CG CD1"),
    "Y": ("N CA CB CG", "CA CB CG CD1"),
    "V": ("N CA CB CG1",),
}


def _chi_atom_codes() -> Int[np.ndarray, "21 4 4"]:
    codes = np.full((len(STANDARD_LETTERS) + 1, 4, 4), -1, dtype=np.int64)
    for letter, angles in CHI_ATOMS.items():
        for index, names in enumerate(angles):
            codes[STANDARD_LETTERS.index(letter), index] = [ATOM_CODE[name] for name in names.split()]
    return codes


CHI_ATOM_CODES = _chi_atom_codes()
"""Atom codes of chi 1-4 per residue type; -1 where the residue has no such angle."""

BOND_N_CA, BOND_CA_C, BOND_C_N = 1.458, 1.525, 1.329
BOND_ANGLE_N_CA_C = math.radians(111.0)
BOND_ANGLE_CA_C_N = math.radians(117.2)
BOND_ANGLE_C_N_CA = math.radians(121.7)

WATERS = frozenset({"HOH", "DOD", "WAT", "H2O", "SOL", "TIP", "TIP3"})
NUCLEOTIDES = frozenset({"A", "C", "G", "U", "I", "N", "DA", "DC", "DG", "DT", "DU", "DI", "DN"})
