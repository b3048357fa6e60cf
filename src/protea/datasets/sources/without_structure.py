"""A protein as its sequence alone: what is asked of sequences is read from structures, which are left behind."""

import numpy as np

from protea.protein.record import Protein

__all__ = ["without_structure"]


def without_structure(protein: Protein) -> Protein:
    """Return the record without its atoms, ligands and labels."""
    return protein.replace(
        atom_ptr=np.zeros(len(protein) + 1, np.int64),
        atom_code=np.zeros(0, np.uint8),
        atom_position=np.zeros((0, 3), np.float32),
        b_factor=None,
        ligands=protein.ligands.select(np.zeros(len(protein.ligands), bool)),
        labels={},
    )
