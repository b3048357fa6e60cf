"""The softmax over the edges that a residue receives, with or without a loop to itself."""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.encoders.centred_edges import CentredEdges
from protea.geometry.segments import segment_max, segment_softmax, segment_sum

__all__ = ["softmax_with_loop", "softmax_without_loop"]


def softmax_with_loop(
    score: Float[Tensor, " edge"], loop: Float[Tensor, " residue"], edges: CentredEdges
) -> tuple[Float[Tensor, " edge"], Float[Tensor, " residue"]]:
    """Return the share of every edge and of every residue itself; they add up to 1 at every residue.

    Computed in at least float32.
    """
    wide = torch.promote_types(score.dtype, torch.float32)
    score, loop = score.to(wide), loop.to(wide)
    if edges.width is not None:
        joined = torch.cat([loop[:, None], score.view(-1, edges.width)], dim=1).softmax(1)
        return joined[:, 1:].flatten(), joined[:, 0]
    # The shift cancels in the quotient, so it needs no gradient.
    shift = torch.maximum(segment_max(score.detach(), edges.edge_ptr, float("-inf")), loop.detach())
    power, own = (score - shift[edges.centre]).exp(), (loop - shift).exp()
    total = segment_sum(power, edges.edge_ptr) + own
    return power / total[edges.centre], own / total


def softmax_without_loop(score: Float[Tensor, " edge"], edges: CentredEdges) -> Float[Tensor, " edge"]:
    """Return the share of every edge; those of a residue with neighbours add up to 1. At least float32."""
    score = score.to(torch.promote_types(score.dtype, torch.float32))
    if edges.width is not None:
        return score.view(-1, edges.width).softmax(1).flatten()
    return segment_softmax(score, edges.edge_ptr)
