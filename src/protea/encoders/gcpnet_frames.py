"""The frames of GCPNet: three axes on every edge, in which vectors are seen as scalars.

With the centroid of the protein at the origin, the axes of the edge between x_i and x_j are x_i - x_j, x_i cross x_j,
and the cross product of these two, each of the first two divided by its length plus 1 (Morehead and Cheng 2024,
section 3.1). They are neither unit vectors nor, the second, polar: point inversion leaves x_i cross x_j as it is, so
what it sees tells hands apart. As published, an edge belongs to the residue i that it leads away from: i gathers the
messages, and what i itself sees is the mean over these edges.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.encoders.centred_edges import CentredEdges
from protea.geometry.segments import ptr_from_lengths, segment_of, segment_sum
from protea.geometry.vectors import vector_length

__all__ = ["EdgeFrames", "centroids", "edge_frames", "edges_by_sender"]


@dataclass(frozen=True, eq=False)
class EdgeFrames:
    """The axes of every edge, and whether the size alone counts of what the axial one sees (then E(3))."""

    axes: Float[Tensor, "edge axis 3"]
    edges: CentredEdges
    is_mirror_blind: bool

    @cached_property
    def mean(self) -> Float[Tensor, "residue axis 3"]:
        """The mean axes of each residue; 0 without edges."""
        return _mean(self.axes.flatten(1), self.edges).unflatten(1, (3, 3))

    def seen_from_edges(self, vector: Float[Tensor, "3 edge 3"]) -> Float[Tensor, "edge 9"]:
        """Return what the axes of each edge see of its three vectors: the first by three axes, then the next."""
        seen = torch.einsum("eax,xev->eva", self.axes.to(vector.dtype), vector)
        if self.is_mirror_blind:
            seen = torch.stack([seen[:, :, 0], seen[:, :, 1].abs(), seen[:, :, 2]], dim=2)
        return seen.flatten(1)

    def seen_from_residues(self, vector: Float[Tensor, "3 residue 3"]) -> Float[Tensor, "residue 9"]:
        """Return what each residue sees of its three vectors, as the mean over its edges."""
        seen = torch.einsum("rax,xrv->rva", self.mean.to(vector.dtype), vector)
        if not self.is_mirror_blind:
            return seen.flatten(1)
        # The mean of sizes is not the size of the mean: the axial axis looks along every edge.
        axial = self.axes[:, 1].to(vector.dtype)
        there = vector.transpose(0, 1).index_select(0, self.edges.centre)
        sizes = _mean((axial[:, :, None] * there).sum(1).abs(), self.edges)
        return torch.stack([seen[:, :, 0], sizes, seen[:, :, 2]], dim=2).flatten(1)


def edges_by_sender(edges: CentredEdges) -> tuple[CentredEdges, Int[Tensor, " edge"]]:
    """Return the same edges, each received by the residue that sent it, and the place of each among those given."""
    order = edges.incidence.order
    ptr = ptr_from_lengths(torch.bincount(edges.source, minlength=edges.num_residues))
    return CentredEdges(ptr, edges.centre[order], edges.distance[order], None), order


def centroids(
    position: Float[Tensor, "residue 3"], is_resolved: Bool[Tensor, " residue"], residue_ptr: Int[Tensor, " protein_1"]
) -> Float[Tensor, "residue 3"]:
    """Return for every residue the mean resolved position of its protein, angstrom; 0 where there is none."""
    count = segment_sum(is_resolved.to(position.dtype), residue_ptr).clamp(min=1)
    total = segment_sum(torch.where(is_resolved[:, None], position, 0.0), residue_ptr)
    return (total / count[:, None]).index_select(0, segment_of(residue_ptr, len(position)))


def edge_frames(
    position: Float[Tensor, "residue 3"], edges: CentredEdges, *, is_shortened: bool, is_mirror_blind: bool
) -> EdgeFrames:
    """Return the axes of positions around their centroid (angstrom); not shortened, their lengths are left alone."""
    here, there = position.index_select(0, edges.centre), position.index_select(0, edges.source)
    along, across = here - there, torch.linalg.cross(here, there)
    if is_shortened:
        along = along / (vector_length(along) + 1.0)[:, None]
        across = across / (vector_length(across) + 1.0)[:, None]
    return EdgeFrames(torch.stack([along, across, torch.linalg.cross(along, across)], dim=1), edges, is_mirror_blind)


def _mean(value: Float[Tensor, "edge column"], edges: CentredEdges) -> Float[Tensor, "residue column"]:
    degree = edges.edge_ptr.diff().clamp(min=1).to(value.dtype)
    return edges.total(value) / degree[:, None]
