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
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> SegmentedEdges:
        """Return the edges of all offsets together, by target; see `sequence_edges`."""
        return sequence_edges(position, is_resolved, residue_ptr, chain_of, self.offsets, residue_of)


def sequence_edges(
    position: Float[Tensor, "residue 3"],
    is_resolved: Bool[Tensor, " residue"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    chain_of: Int[Tensor, " residue"],
    offsets: tuple[int, ...],
    residue_of: Int[Tensor, " residue"] | None = None,
) -> SegmentedEdges:
    """Return the edges source -> source + offset between residues of the same protein and the same chain.

    Offsets count rows of the packed order: a hole in the numbering or in space is not looked at. Unresolved residues
    have no edge, not even a self loop. An offset that is given twice counts once. Where rows are nodes of residues
    (`residue_of`, rising), offsets count residues, and every node of the source is joined to every node of the target.
    """
    row = torch.arange(len(position), device=position.device)
    if residue_of is None:
        residue_of = row
    # A falling list of offsets gives a rising list of sources.
    offset = torch.tensor(sorted(set(offsets), reverse=True), device=position.device)
    wanted = residue_of[:, None] - offset
    first = torch.searchsorted(residue_of, wanted)
    num_sources = torch.searchsorted(residue_of, wanted, right=True) - first
    target = row.repeat_interleave(num_sources.sum(1))
    num_sources = num_sources.flatten()
    shift = first.flatten() - ptr_from_lengths(num_sources)[:-1]
    source = torch.arange(len(target), device=row.device) + shift.repeat_interleave(num_sources)
    protein_of = segment_of(residue_ptr, len(row))
    is_edge = (protein_of[source] == protein_of[target]) & (chain_of[source] == chain_of[target])
    is_edge &= is_resolved[source] & is_resolved[target]
    source, target = source[is_edge], target[is_edge]
    return SegmentedEdges(
        ptr_from_lengths(torch.bincount(target, minlength=len(row))),
        source,
        target,
        vector_length(position[source] - position[target]),
    )
