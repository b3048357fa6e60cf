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
from protea.geometry.segments import ptr_from_lengths

__all__ = ["angle_bins", "line_incidence"]


def line_incidence(edges: RelationalEdges, position: Float[Tensor, "residue 3"], bins: int) -> Incidence:
    """Return which edges each (edge, bin) adds up; segment = edge * bins + bin."""
    in_degree = torch.bincount(edges.target, minlength=edges.num_residues)
    in_ptr = ptr_from_lengths(in_degree)
    heard = in_degree[edges.source]
    num_edges, total = len(edges.source), int(heard.sum())
    listener = torch.repeat_interleave(torch.arange(num_edges, device=edges.source.device), heard, output_size=total)
    within = torch.arange(total, device=listener.device) - ptr_from_lengths(heard)[listener]
    speaker = in_ptr[edges.source[listener]] + within
    # In double precision, so that float32 and float64 models put an angle near a border into the same bin.
    place = position.detach().double()
    corner = place.index_select(0, edges.source)
    out = (place.index_select(0, edges.target) - corner).index_select(0, listener)
    back = place.index_select(0, edges.source) - place.index_select(0, edges.target)
    segment = listener * bins + angle_bins(out, back.index_select(0, speaker), bins)
    order = torch.argsort(segment, stable=True)
    ptr = ptr_from_lengths(torch.bincount(segment, minlength=num_edges * bins))
    return Incidence(speaker[order], ptr, num_edges)


def angle_bins(first: Float[Tensor, "pair 3"], second: Float[Tensor, "pair 3"], bins: int) -> Int[Tensor, " pair"]:
    """Return the bin of the angle between two vectors; a vector of length 0 gives bin 0."""
    sine = torch.linalg.cross(first, second, dim=1).norm(dim=1)
    # + 0.0 turns -0.0 into 0.0: atan2(0, -0) would be pi.
    cosine = (first * second).sum(1) + 0.0
    bin_of = (torch.atan2(sine, cosine) / math.pi * bins).long()
    return bin_of.clamp(max=bins - 1)
