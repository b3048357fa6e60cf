"""Sums of activated pairs: total_i = sum over edges j -> i of silu(P[i] + Q[j] + G g_ij), forward and backward.

P and Q are per residue, g is the geometry of the edge. Nothing the size of edges times channels is kept: the backward
pass makes each block again.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from protea.encoders.centred_edges import CentredEdges, EdgeBlock

__all__ = ["activated_pair_sum"]


def activated_pair_sum(
    centre: Float[Tensor, "residue channel"],
    source: Float[Tensor, "residue channel"],
    geometry: Float[Tensor, "edge geometry"],
    weight: Float[Tensor, "channel geometry"],
    edges: CentredEdges,
) -> Float[Tensor, "residue channel"]:
    """Return the sum over the neighbours of every residue, in the dtype of `centre` (differentiable once)."""
    dtype = centre.dtype
    with torch.autocast(centre.device.type, enabled=False):
        total: Tensor = _ActivatedPairSum.apply(edges, centre, source, geometry.to(dtype), weight.to(dtype))
    return total


class _ActivatedPairSum(torch.autograd.Function):
    """`activated_pair_sum` on tensors of one dtype."""

    @staticmethod
    def forward(
        ctx: Any, edges: CentredEdges, centre: Tensor, source: Tensor, geometry: Tensor, weight: Tensor
    ) -> Tensor:
        ctx.edges = edges
        ctx.save_for_backward(centre, source, geometry, weight)
        total = torch.empty_like(centre)
        for block in edges.blocks(centre.shape[1]):
            hidden = _hidden(centre, source, geometry, weight, edges, block)
            total[block.residues] = edges.block_total(F.silu(hidden, inplace=True), block)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        centre, source, geometry, weight = ctx.saved_tensors
        edges: CentredEdges = ctx.edges
        wide = torch.promote_types(centre.dtype, torch.float32)
        grad_hidden = centre.new_empty(len(geometry), centre.shape[1])
        grad_centre = torch.empty_like(centre)
        grad_weight = torch.zeros_like(weight, dtype=wide)
        grad_geometry = torch.empty_like(geometry) if ctx.needs_input_grad[3] else None
        for block in edges.blocks(centre.shape[1]):
            hidden = _hidden(centre, source, geometry, weight, edges, block)
            gate = torch.sigmoid(hidden)
            # silu'(z) = s + z s (1 - s)
            slope = torch.addcmul(gate, hidden.mul_(gate), 1.0 - gate)
            spread = torch.zeros_like(slope)
            edges.add_centre(spread, grad, block)
            here = torch.mul(slope, spread, out=grad_hidden[block.edges])
            grad_centre[block.residues] = edges.block_total(here, block)
            grad_weight += here.t() @ geometry[block.edges]
            if grad_geometry is not None:
                torch.mm(here, weight, out=grad_geometry[block.edges])
        return None, grad_centre, edges.total_by_source(grad_hidden), grad_geometry, grad_weight.to(weight.dtype)


def _hidden(
    centre: Tensor, source: Tensor, geometry: Tensor, weight: Tensor, edges: CentredEdges, block: EdgeBlock
) -> Tensor:
    hidden = source.index_select(0, edges.source[block.edges])
    edges.add_centre(hidden, centre, block)
    return hidden.addmm_(geometry[block.edges], weight.t())
