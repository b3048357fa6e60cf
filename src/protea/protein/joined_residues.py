"""Which residues of a chain follow each other in space: the next one is where a peptide bond would put it."""

import numpy as np
from jaxtyping import Bool

from protea.protein.record import Protein

__all__ = ["MOST_BETWEEN", "is_joined_to_next"]

MOST_BETWEEN = 4.5
"""Angstrom between the CA of neighbours at most; they are 3.8 apart, and further where a residue is missing."""


def is_joined_to_next(chain: Protein) -> Bool[np.ndarray, " residue"]:
    """Return where a residue and the next both have a CA and stand as neighbours do; False for the last."""
    position, is_resolved = chain.ca()
    distance = np.linalg.norm(np.diff(position, axis=0), axis=1)
    return np.append(is_resolved[:-1] & is_resolved[1:] & (distance <= MOST_BETWEEN), False)
