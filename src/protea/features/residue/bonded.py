"""Which residues are bonded to the next one: same protein, same chain, and no gap in space.

Two residues that follow each other in the record may still have a hole between them (unresolved loops leave no
residue behind). A hole shows in the distances: bonded CA atoms lie 2.9 (cis) to 3.9 angstrom apart, a peptide bond
C-N measures 1.33 angstrom. A distance above the limit breaks the chain; an atom that is missing proves nothing.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = ["LARGEST_CA_CA", "LARGEST_C_N", "is_bonded_to_next", "is_ca_near_next", "is_same_chain_as_next"]

LARGEST_CA_CA = 4.5
"""Angstrom; two CA atoms that are further apart are not neighbours in a chain."""

LARGEST_C_N = 2.0
"""Angstrom; a C and the following N that are further apart share no peptide bond."""


def is_same_chain_as_next(
    protein_of: Int[Tensor, " residue"], chain_of: Int[Tensor, " residue"]
) -> Bool[Tensor, " residue"]:
    """Return where row i + 1 belongs to the same protein and chain as row i; False in the last row."""
    is_same = torch.zeros_like(protein_of, dtype=torch.bool)
    is_same[:-1] = (protein_of[1:] == protein_of[:-1]) & (chain_of[1:] == chain_of[:-1])
    return is_same


def is_ca_near_next(ca: Float[Tensor, "residue 3"], has_ca: Bool[Tensor, " residue"]) -> Bool[Tensor, " residue"]:
    """Return where CA i and CA i + 1 are not further apart than a chain allows, or one of them is missing."""
    return _is_near(ca, torch.roll(ca, -1, 0), has_ca & torch.roll(has_ca, -1), LARGEST_CA_CA)


def is_bonded_to_next(
    is_same_chain: Bool[Tensor, " residue"],
    n: Float[Tensor, "residue 3"],
    ca: Float[Tensor, "residue 3"],
    c: Float[Tensor, "residue 3"],
    has_n: Bool[Tensor, " residue"],
    has_ca: Bool[Tensor, " residue"],
    has_c: Bool[Tensor, " residue"],
) -> Bool[Tensor, " residue"]:
    """Return where residue i is bonded to residue i + 1, from `is_same_chain_as_next` and the backbone atoms."""
    is_peptide = _is_near(c, torch.roll(n, -1, 0), has_c & torch.roll(has_n, -1), LARGEST_C_N)
    return is_same_chain & is_ca_near_next(ca, has_ca) & is_peptide


def _is_near(
    a: Float[Tensor, "residue 3"], b: Float[Tensor, "residue 3"], are_resolved: Bool[Tensor, " residue"], limit: float
) -> Bool[Tensor, " residue"]:
    return ~are_resolved | ((a - b).square().sum(-1) <= limit**2)
