"""Where a residue is, as one point: at its CB (CA of glycine), as contacts count, or at its CA."""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32

from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein

__all__ = ["PlaceAtom", "residue_places"]

PlaceAtom = Literal["CB", "CA"]


def residue_places(
    protein: Protein, atom: PlaceAtom = "CB"
) -> tuple[Float32[np.ndarray, "residue 3"], Bool[np.ndarray, " residue"]]:
    """Return the position of each residue in angstrom, 0 where the atom is not resolved, and where it is."""
    if atom == "CA":
        return protein.ca()
    is_glycine = np.array([letter == "G" for letter in protein.sequence], bool)
    wanted = np.where(is_glycine, ATOM_CODE["CA"], ATOM_CODE["CB"])
    residue = protein.residue_of_atom()
    chosen = protein.atom_code == wanted[residue]
    position, is_known = np.zeros((len(protein), 3), np.float32), np.zeros(len(protein), bool)
    position[residue[chosen]] = protein.atom_position[chosen]
    is_known[residue[chosen]] = True
    return position, is_known
