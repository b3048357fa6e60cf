"""Weighted sums over neighbours and products along edges: two linear maps, each the gradient of the other.

    total_i = sum over edges j -> i of weight_ij value_j
    dot_ij = centre_i . source_j

Forward and backward are sums of chosen rows; rows are gathered to the edges in blocks only, and nothing is scattered.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.row_sums import row_sums

__all__ = ["edge_dot", "weighted_sum"]


def weighted_sum(
    value: Float[Tensor, "residue channel"], weight: Float[Tensor, " edge"], edges: CentredEdges
) -> Float[Tensor, "residue channel"]:
    """Return the weighted sum of the neighbours' values (differentiable once); without neighbours it is 0."""
    with torch.autocast(value.device.type, enabled=False):
        total: Tensor = _WeightedSum.apply(value, weight.to(value.dtype), edges)
    return total


def edge_dot(
    centre: Float[Tensor, "residue channel"], source: Float[Tensor, "residue channel"], edges: CentredEdges
) -> Float[Tensor, " edge"]:
    """Return the scalar product of the centre's and the neighbour's vector of every edge (differentiable once)."""
    with torch.autocast(centre.device.type, enabled=False):
        dot: Tensor = _EdgeDot.apply(centre, source, edges)
    return dot


class _WeightedSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, weight: Tensor, edges: CentredEdges) -> Tensor:
        ctx.edges = edges
        ctx.save_for_backward(value, weight)
        return row_sums(value, edges.source, edges.edge_ptr, weight)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        value, weight = ctx.saved_tensors
        needs_value, needs_weight, _ = ctx.needs_input_grad
        grad = grad.contiguous()
        return (
            _sum_by_source(grad, weight, ctx.edges) if needs_value else None,
            _dots(grad, value, ctx.edges) if needs_weight else None,
            None,
        )


class _EdgeDot(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, centre: Tensor, source: Tensor, edges: CentredEdges) -> Tensor:
        ctx.edges = edges
        ctx.save_for_backward(centre, source)
        return _dots(centre, source, edges)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:
        centre, source = ctx.saved_tensors
        edges: CentredEdges = ctx.edges
        grad = grad.contiguous()
        grad_centre = row_sums(source, edges.source, edges.edge_ptr, grad)
        return grad_centre, _sum_by_source(centre, grad, edges), None


def _dots(centre: Tensor, source: Tensor, edges: CentredEdges) -> Tensor:
    dot = centre.new_empty(len(edges.source))
    for block in edges.blocks(centre.shape[1]):
        gathered = source.index_select(0, edges.source[block.edges])
        if edges.width is not None:
            gathered = gathered.view(-1, edges.width, centre.shape[1])
            dot[block.edges] = torch.bmm(gathered, centre[block.residues].unsqueeze(2)).flatten()
        else:
            dot[block.edges] = (gathered * centre.index_select(0, edges.centre[block.edges])).sum(1)
    return dot


def _sum_by_source(value: Tensor, weight: Tensor, edges: CentredEdges) -> Tensor:
    transposed, order = edges.incidence.transposed, edges.incidence.order
    return row_sums(value, transposed.row, transposed.ptr, weight[order])
