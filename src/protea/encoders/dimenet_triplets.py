"""Which edges lead into which, k -> j -> i with k other than i, and at what angle.

Every residue has a row of slots for the edges that it receives; the triplets of an edge j -> i are the slots of j.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.encoders.centred_edges import CentredEdges
from protea.geometry.segments import ptr_from_lengths

__all__ = ["AngleRule", "Triplets", "cosines", "edges_within", "triplets"]

AngleRule = Literal["at_target", "along_path"]
"""The angle at i between j and k, or between the steps k -> j and j -> i."""


@dataclass(frozen=True, eq=False)
class Triplets:
    """The triplets of every edge.

    Attributes:
        edges: the edges j -> i, sorted by i.
        edge_in: edge of every slot of a residue; the number of edges where the slot is empty.
        partner: edge k -> j of every slot of an edge; the number of edges where there is none.
        is_triplet: whether the slot holds an edge and k is not i.
    """

    edges: CentredEdges
    edge_in: Int[Tensor, "residue slot"]
    partner: Int[Tensor, "edge slot"]
    is_triplet: Bool[Tensor, "edge slot"]


def edges_within(edges: CentredEdges, cutoff: float) -> CentredEdges:
    """Return the edges shorter than the cutoff, angstrom; all others weigh exactly 0 in DimeNet."""
    is_kept = edges.distance.detach() < cutoff
    if bool(is_kept.all()):
        return edges
    degree = torch.bincount(edges.centre[is_kept], minlength=edges.num_residues)
    return CentredEdges(ptr_from_lengths(degree), edges.source[is_kept], edges.distance[is_kept], None)


def triplets(edges: CentredEdges) -> Triplets:
    """Return the triplets of these edges."""
    num_edges, degree = len(edges.source), edges.edge_ptr.diff()
    num_slots = max(int(degree.max()) if len(degree) else 0, 1)
    slot = torch.arange(num_slots, device=edges.source.device)
    edge_in = torch.where(slot < degree[:, None], edges.edge_ptr[:-1, None] + slot, num_edges)
    partner = edge_in[edges.source]
    # One row more: an empty slot has no sender.
    sender = torch.cat([edges.source, edges.source.new_full((1,), -1)])[partner]
    is_triplet = (partner < num_edges) & (sender != edges.centre[:, None])
    return Triplets(edges, edge_in, partner, is_triplet)


def cosines(paths: Triplets, position: Float[Tensor, "residue 3"], rule: AngleRule) -> Float[Tensor, "edge slot"]:
    """Return the cosine of every triplet's angle; 1 where an arm has no length, and where there is no triplet."""
    edges = paths.edges
    target, middle = position.index_select(0, edges.centre), position.index_select(0, edges.source)
    sender = torch.cat([edges.source, edges.source.new_zeros(1)])[paths.partner]
    start = position.index_select(0, sender.flatten()).view(*sender.shape, 3)
    if rule == "at_target":
        first, second = (middle - target)[:, None], start - target[:, None]
    else:
        first, second = (target - middle)[:, None], middle[:, None] - start
    # One root per triplet, whose argument is set to 1 where it would be 0: no gradient is infinite.
    square = first.square().sum(-1) * second.square().sum(-1)
    is_angle = paths.is_triplet & (square > 0)
    cosine = (first * second).sum(-1) * torch.where(is_angle, square, 1.0).rsqrt()
    return torch.where(is_angle, cosine, 1.0)
