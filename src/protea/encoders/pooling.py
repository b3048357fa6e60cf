"""From residues to the protein: the sum or the mean of a protein's rows."""

from typing import Literal

from jaxtyping import Float, Int
from torch import Tensor

from protea.geometry.segments import segment_mean, segment_sum

__all__ = ["Pool", "pool_residues"]

Pool = Literal["sum", "mean"]


def pool_residues(
    residue: Float[Tensor, "residue channel"], residue_ptr: Int[Tensor, " protein_plus_1"], pool: Pool
) -> Float[Tensor, "protein channel"]:
    """Return the sum or the mean over the residues of each protein; a protein without residues gives 0."""
    return segment_sum(residue, residue_ptr) if pool == "sum" else segment_mean(residue, residue_ptr)
