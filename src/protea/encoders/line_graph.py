"""The line graph of typed edges: which edges lead into which, at what angle.

An edge (j -> i) hears every edge (k -> j) that ends where it begins, k = i included. The relation of such a pair is the
bin of the angle at j between i and k: bin b holds angles from b to b + 1 times pi / bins; pi belongs to the last.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.encoders.relational_edges import RelationalEdges
from protea.encoders.row_sums import Incidence
from protea.geometry.grouping import group_items
from protea.geometry.segments import ptr_from_lengths

__all__ = ["angle_bins", "line_incidence"]

_BLOCK_PAIRS = {"cpu": 1 << 14, "cuda": 1 << 24}
"""Pairs whose angles are made at a time: on a CPU they stay in the cache."""


def line_incidence(edges: RelationalEdges, position: Float[Tensor, "residue 3"], bins: int) -> Incidence:
    """Return which edges each (edge, bin) adds up; segment = edge * bins + bin."""
    in_degree = torch.bincount(edges.target, minlength=edges.num_residues)
    heard = in_degree[edges.source]
    num_edges, total = len(edges.source), int(heard.sum())
    listener = torch.repeat_interleave(torch.arange(num_edges, device=edges.source.device), heard, output_size=total)
    first = ptr_from_lengths(in_degree)[edges.source] - ptr_from_lengths(heard)[:-1]
    speaker = torch.arange(total, device=listener.device) + first[listener]
    # In double precision, so that float32 and float64 models put an angle near a border into the same bin.
    place = position.detach().double()
    along = (place.index_select(0, edges.target) - place.index_select(0, edges.source)).t().contiguous()
    segment = torch.empty_like(listener)
    step = _BLOCK_PAIRS.get(listener.device.type, 1 << 14)
    for start in range(0, total, step):
        pairs = slice(start, start + step)
        # One coordinate at a time: contiguous gathers, several times faster than rows of three.
        out = torch.stack([axis.index_select(0, listener[pairs]) for axis in along])
        back = torch.stack([axis.index_select(0, speaker[pairs]) for axis in along]).neg_()
        torch.add(angle_bins(out, back, bins), listener[pairs], alpha=bins, out=segment[pairs])
    order, ptr = group_items(segment, num_edges * bins)
    return Incidence(speaker[order], ptr, num_edges)


def angle_bins(first: Float[Tensor, "3 pair"], second: Float[Tensor, "3 pair"], bins: int) -> Int[Tensor, " pair"]:
    """Return the bin of the angle between two vectors; a vector of length 0 gives bin 0."""
    (x, y, z), (u, v, w) = first, second
    sine = ((y * w - z * v).square_() + (z * u - x * w).square_() + (x * v - y * u).square_()).sqrt_()
    # + 0.0 turns -0.0 into 0.0: atan2(0, -0) would be pi.
    cosine = x * u + y * v + z * w + 0.0
    bin_of = (torch.atan2(sine, cosine) / math.pi * bins).long()
    return bin_of.clamp(max=bins - 1)
