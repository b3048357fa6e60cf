"""The seven relations of GearNet (Zhang et al. 2023, section 3.1): five sequence offsets, k nearest, radius."""

from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
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
        relations.append(edges_of_table(nearest_neighbours(position, residue_ptr, self.k, is_resolved)))
        near = radius_edges(position, residue_ptr, self.radius, is_valid=is_resolved)
        step = near.target - near.source if residue_of is None else residue_of[near.target] - residue_of[near.source]
        is_far_in_sequence = step.abs() >= self.min_offset
        is_other_chain = chain_of[near.target] != chain_of[near.source]
        relations.append(_select(near, is_far_in_sequence | is_other_chain))
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


def _select(edges: SegmentedEdges, is_kept: Bool[Tensor, " edge"]) -> SegmentedEdges:
    target = edges.target[is_kept]
    degree = torch.bincount(target, minlength=len(lengths_of(edges.edge_ptr)))
    return SegmentedEdges(ptr_from_lengths(degree), edges.source[is_kept], target, edges.distance[is_kept])
