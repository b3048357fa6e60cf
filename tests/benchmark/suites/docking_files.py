"""Docking complexes on disk, laid out like the real benchmark: tiny partners whose contacts are set by hand."""

from pathlib import Path

import numpy as np

from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM_CODE, NAME_OF_LETTER
from protea.protein.record import Protein, Provenance
from protea.protein.writers.pdb import write_pdb

LENGTH = 60
NUM_TOUCHING = 4


def partner(sequence: str, offset: float, number_from: int = 1) -> Protein:
    """A straight chain of N, CA, C and O atoms along x, 20 angstrom a residue apart, moved along y."""
    length = len(sequence)
    names = ("N", "CA", "C", "O")
    residue = np.repeat(np.arange(length), len(names))
    along = 20.0 * residue + np.tile([0.0, 1.5, 3.0, 3.5], length)
    position = np.stack([along, np.full(len(along), offset), np.zeros(len(along))], axis=1)
    return Protein(
        id="partner",
        sequence=sequence,
        residue_name=np.array([NAME_OF_LETTER[letter] for letter in sequence], dtype="<U5"),
        chain_ids=("A",),
        chain_of=np.zeros(length, np.int16),
        author_number=np.arange(number_from, number_from + length, dtype=np.int32),
        insertion_code=np.full(length, "", dtype="<U1"),
        label_number=np.arange(1, length + 1, dtype=np.int32),
        atom_ptr=np.arange(0, 4 * length + 1, 4, dtype=np.int64),
        atom_code=np.tile([ATOM_CODE[name] for name in names], length).astype(np.uint8),
        atom_position=position.astype(np.float32),
        b_factor=None,
        b_factor_kind="b_factor",
        provenance=Provenance(source="made", file_format="pdb"),
        seqres=(sequence,),
    )


def random_sequence(seed: int, length: int = LENGTH) -> str:
    return "".join(np.random.default_rng(seed).choice(list(STANDARD_LETTERS), size=length))


def write_complexes(folder: Path, sequences: dict[str, tuple[str, str]]) -> Path:
    """Write each complex; bound, residues 1 to 4 of both partners touch, and the unbound receptor lacks residue 1."""
    for name, (receptor, ligand) in sequences.items():
        (folder / name).mkdir(parents=True)
        for role, sequence, offset in (("r", receptor, 0.0), ("l", ligand, 3.0)):
            bound = partner(sequence, offset)
            # Beyond the touching residues the ligand turns away.
            position = bound.atom_position.copy()
            position[4 * NUM_TOUCHING :, 1] += 50.0 * (role == "l")
            write_pdb(bound.replace(atom_position=position), folder / name / f"{name}_{role}_b.pdb")
            unbound = partner(sequence[1:], 0.0, 2) if role == "r" else partner(sequence, 0.0)
            write_pdb(unbound, folder / name / f"{name}_{role}_u.pdb")
    return folder


def write_table(path: Path, categories: dict[str, str]) -> Path:
    lines = ["complex,category", *(f"{name}_A:B,{category}" for name, category in categories.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
