"""A full-atom chain of one generated backbone, with side chains at random torsions."""

from functools import cache

import numpy as np

from protea.datasets.sources.generated import generate_protein
from protea.protein.chemistry import ATOM_CODE, HEAVY_ATOMS, NAME_OF_LETTER
from protea.protein.readers.foldcomp.layout import LETTERS
from protea.protein.readers.foldcomp.side_chains import place_side_chains
from protea.protein.record import Protein


@cache
def full_chain(index: int = 0, *, length: int = 80, plddt: bool = False) -> Protein:
    """A chain with every heavy atom, all twenty residue types, and OXT."""
    rng = np.random.default_rng(index)
    made = generate_protein(7, index, length, length)
    sequence = "".join(rng.permuted(np.resize(list(LETTERS), length)))
    code = np.array([LETTERS.index(letter) for letter in sequence], np.uint8)
    num_torsions = sum(len(HEAVY_ATOMS[letter]) - 3 for letter in sequence)
    backbone = made.backbone().position[:, :3].transpose(2, 0, 1)
    turn = rng.integers(0, 256, num_torsions).astype(np.uint8)
    position, is_there = place_side_chains(code, np.ascontiguousarray(backbone), turn)
    num_atoms = is_there.sum(1)
    num_atoms[-1] += 1
    codes = [ATOM_CODE[name] for letter in sequence for name in HEAVY_ATOMS[letter]] + [ATOM_CODE["OXT"]]
    value = np.round(rng.uniform(20, 99, length), 2)
    return made.replace(
        id=f"AF-P{index:05d}-F1-model_v4" if plddt else f"m{index}",
        sequence=sequence,
        residue_name=np.array([NAME_OF_LETTER[letter] for letter in sequence], dtype="<U5"),
        seqres=(sequence,),
        atom_ptr=np.concatenate([[0], np.cumsum(num_atoms)]).astype(np.int64),
        atom_code=np.array(codes, np.uint8),
        atom_position=np.concatenate([position, position[-1:] + 1.25]).astype(np.float32),
        b_factor=np.repeat(value, num_atoms).astype(np.float32),
    )
