"""The k nearest residues as the only relation of a relational encoder, as ProteinWorkshop ships GearNet."""

from typing import Literal

from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.features.edges.seven_relations import edges_of_table
from protea.features.interface import RelationEdges
from protea.geometry.neighbours import nearest_neighbours

__all__ = ["OneRelation"]


class OneRelation(Config):
    """The k-nearest graph as typed edges with a single type."""

    kind: Literal["one_relation"] = "one_relation"
    k: int = Field(default=16, ge=1, description="neighbours per residue (all others where a protein has fewer)")

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> RelationEdges:
        """Return the one relation. Chains are not looked at; unresolved residues have no edge."""
        table = nearest_neighbours(position, residue_ptr, self.k, is_resolved)
        return RelationEdges((f"{self.k} nearest",), (edges_of_table(table),))
