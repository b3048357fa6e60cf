"""All residues of the same protein within a radius, by CA distance."""

from typing import Literal

from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.geometry.neighbours import SegmentedEdges, radius_edges

__all__ = ["Radius"]


class Radius(Config):
    """Each residue receives from all others closer than the radius (strictly); no self loop."""

    kind: Literal["radius"] = "radius"
    radius: float = Field(default=10.0, gt=0, description="angstrom; an edge is shorter than this")
    max_neighbours: int | None = Field(default=None, ge=1, description="keep only so many of the nearest; none: all")

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> SegmentedEdges:
        """Return the edges by target. Chains are not looked at; unresolved residues have no edge."""
        return radius_edges(position, residue_ptr, self.radius, self.max_neighbours, is_resolved)
