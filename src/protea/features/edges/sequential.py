"""Edges between residues that are near in the sequence."""

from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.geometry.neighbours import SegmentedEdges
from protea.geometry.segments import ptr_from_lengths, segment_of
from protea.geometry.vectors import vector_length

__all__ = ["Sequential", "sequence_edges"]


class Sequential(Config):
    """Each residue receives from those that stand at the given offsets in its own chain."""

    kind: Literal["sequential"] = "sequential"
    offsets: tuple[int, ...] = Field(
        default=(-1, 1), min_length=1, description="target minus source, in residues; 0 is the self loop"
    )

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
    ) -> SegmentedEdges:
        """Return the edges of all offsets together, by target; see `sequence_edges`."""
        return sequence_edges(position, is_resolved, residue_ptr, chain_of, self.offsets)


def sequence_edges(
    position: Float[Tensor, "residue 3"],
    is_resolved: Bool[Tensor, " residue"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    chain_of: Int[Tensor, " residue"],
    offsets: tuple[int, ...],
) -> SegmentedEdges:
    """Return the edges source -> source + offset between residues of the same protein and the same chain.

    Offsets count rows of the packed order: a hole in the numbering or in space is not looked at. Unresolved residues
    have no edge, not even a self loop. An offset that is given twice counts once.
    """
    row = torch.arange(len(position), device=position.device)
    # A falling list of offsets gives a rising list of sources.
    source = row[:, None] - torch.tensor(sorted(set(offsets), reverse=True), device=position.device)
    is_edge = (source >= 0) & (source < len(row))
    source = torch.where(is_edge, source, row[:, None])
    protein_of = segment_of(residue_ptr, len(row))
    is_edge &= (protein_of[source] == protein_of[:, None]) & (chain_of[source] == chain_of[:, None])
    is_edge &= is_resolved[source] & is_resolved[:, None]
    target, slot = is_edge.nonzero(as_tuple=True)
    source = source[target, slot]
    return SegmentedEdges(
        ptr_from_lengths(is_edge.sum(1)), source, target, vector_length(position[source] - position[target])
    )
