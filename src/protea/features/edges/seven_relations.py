"""The seven relations of GearNet (Zhang et al. 2023, section 3.1): five sequence offsets, k nearest, radius.

The released models were trained with `nearest_min_offset: 5`: of the k nearest, those along the chain are dropped, and
nothing takes their place. The default keeps them, as every result here was made so.
"""

from collections.abc import Callable
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field, model_serializer
from torch import Tensor

from protea.config import Config
from protea.features.edges.sequential import sequence_edges
from protea.features.interface import RelationEdges
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges, nearest_neighbours, radius_edges
from protea.geometry.segments import lengths_of, ptr_from_lengths

__all__ = ["SevenRelations", "edges_of_table"]


class SevenRelations(Config):
    """One relation per sequence offset, then k nearest, then radius without the neighbours in sequence."""

    kind: Literal["seven_relations"] = "seven_relations"
    sequential_offsets: tuple[int, ...] = Field(
        default=(-2, -1, 0, 1, 2), description="target minus source; one relation each, 0 is the self loop"
    )
    k: int = Field(default=10, ge=1, description="neighbours of the k-nearest relation")
    radius: float = Field(default=10.0, gt=0, description="angstrom; edges of the radius relation are shorter")
    min_offset: int = Field(
        default=5, ge=0, description="least |target - source| of a radius edge; edges between chains are all kept"
    )
    nearest_min_offset: int = Field(
        default=0, ge=0, description="the same for the k nearest, after they are found; 5 in the released models"
    )

    @model_serializer(mode="wrap")
    def _without_later_settings(self, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Leave out what came later and is not set: records that were written before stay equal."""
        tree: dict[str, Any] = handler(self)
        if not self.nearest_min_offset:
            tree.pop("nearest_min_offset", None)
        return tree

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> RelationEdges:
        """Return the relations in the order: offsets as configured, k nearest, radius."""
        relations = [
            sequence_edges(position, is_resolved, residue_ptr, chain_of, (offset,), residue_of)
            for offset in self.sequential_offsets
        ]
        nearest = edges_of_table(nearest_neighbours(position, residue_ptr, self.k, is_resolved))
        near = radius_edges(position, residue_ptr, self.radius, is_valid=is_resolved)
        for edges, min_offset in ((nearest, self.nearest_min_offset), (near, self.min_offset)):
            relations.append(_select(edges, _is_apart(edges, min_offset, chain_of, residue_of)))
        names = (
            *(f"offset {offset:+d}" for offset in self.sequential_offsets),
            f"{self.k} nearest",
            f"within {self.radius:g} angstrom",
        )
        return RelationEdges(names, tuple(relations))


def edges_of_table(table: NeighbourTable) -> SegmentedEdges:
    """Return the edges of a neighbour table by target, and by source within each target."""
    beyond = torch.where(table.is_edge, table.neighbour, len(table.neighbour))
    source, order = beyond.sort(dim=1)
    is_edge = table.is_edge.gather(1, order)
    target = torch.arange(len(source), device=source.device)[:, None].expand_as(source)
    return SegmentedEdges(
        ptr_from_lengths(is_edge.sum(1)), source[is_edge], target[is_edge], table.distance.gather(1, order)[is_edge]
    )


def _is_apart(
    edges: SegmentedEdges,
    min_offset: int,
    chain_of: Int[Tensor, " residue"],
    residue_of: Int[Tensor, " residue"] | None,
) -> Bool[Tensor, " edge"]:
    """Return which edges span so many places of a chain, or two chains."""
    source, target = edges.source, edges.target
    step = target - source if residue_of is None else residue_of[target] - residue_of[source]
    return (step.abs() >= min_offset) | (chain_of[target] != chain_of[source])


def _select(edges: SegmentedEdges, is_kept: Bool[Tensor, " edge"]) -> SegmentedEdges:
    target = edges.target[is_kept]
    degree = torch.bincount(target, minlength=len(lengths_of(edges.edge_ptr)))
    return SegmentedEdges(ptr_from_lengths(degree), edges.source[is_kept], target, edges.distance[is_kept])
