"""The k nearest residues of the same protein, by CA distance."""

from typing import Literal

from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.geometry.neighbours import NeighbourTable, nearest_neighbours

__all__ = ["KNearest"]


class KNearest(Config):
    """Each residue receives from its k nearest; directed, no self loop."""

    kind: Literal["k_nearest"] = "k_nearest"
    k: int = Field(default=16, ge=1, description="neighbours per residue (all others where a protein has fewer)")

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> NeighbourTable:
        """Return the table, by rising distance. Chains are not looked at; unresolved residues have no edge."""
        return nearest_neighbours(position, residue_ptr, self.k, is_resolved)
