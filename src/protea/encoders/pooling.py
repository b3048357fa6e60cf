"""From residues to the protein: the sum, the mean or the largest of a protein's rows."""

from typing import Literal

from jaxtyping import Float, Int
from torch import Tensor

from protea.geometry.segments import segment_max, segment_mean, segment_sum

__all__ = ["Pool", "pool_residues"]

Pool = Literal["sum", "mean", "max"]


def pool_residues(
    residue: Float[Tensor, "residue channel"], residue_ptr: Int[Tensor, " protein_plus_1"], pool: Pool
) -> Float[Tensor, "protein channel"]:
    """Return the sum, the mean or the maximum over the residues of each protein; one without residues gives 0."""
    return {"sum": segment_sum, "mean": segment_mean, "max": segment_max}[pool](residue, residue_ptr)
