"""The convolution on the line graph, forward and backward, in blocks of edges.

    out_e = W [sum of x over the edges in bin 0, ..., bin 1, ...] + W_0 x_e + c

The sums [edge, bin * channel] are several times larger than all else; they are made block by block, in the forward
pass and again for the gradient of W. The gradient of x has the same form with the transposed line graph, so neither
pass scatters or keeps them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.precision import compute_dtype
from protea.encoders.relational_layer import RelationalLayer
from protea.encoders.row_sums import Incidence, row_sums
from protea.geometry.grouping import group_items

__all__ = ["LineGraph", "line_convolution"]

_BLOCK_VALUES = {"cpu": 1 << 21, "cuda": 1 << 28}


@dataclass(frozen=True, eq=False)
class LineGraph:
    """The incidence of (edge, bin) with edges, and how many bins there are."""

    incidence: Incidence
    bins: int

    @cached_property
    def transposed(self) -> Incidence:
        """(edge, bin) adds up the edges that hear it in that bin."""
        segment, row = self.incidence.segment, self.incidence.row
        order, ptr = group_items(row * self.bins + segment % self.bins, len(self.incidence.ptr) - 1)
        return Incidence((segment // self.bins)[order], ptr, self.incidence.num_rows)


def line_convolution(
    value: Float[Tensor, "edge channel"], line: LineGraph, layer: RelationalLayer
) -> Float[Tensor, "edge output"]:
    """Return the convolution before normalisation (differentiable once)."""
    dtype = compute_dtype(layer.linear.weight)
    bias = layer.linear.bias + layer.self_loop.bias
    tensors = (value, layer.linear.weight, layer.self_loop.weight, bias)
    with torch.autocast(value.device.type, enabled=False):
        result: Tensor = _LineConvolution.apply(line, *(tensor.to(dtype) for tensor in tensors))
    return result


class _LineConvolution(torch.autograd.Function):
    """`line_convolution` on tensors of one dtype."""

    @staticmethod
    def forward(ctx: Any, line: LineGraph, value: Tensor, weight: Tensor, own: Tensor, bias: Tensor) -> Tensor:
        ctx.line = line
        ctx.save_for_backward(value, weight, own)
        result = value.new_empty(len(value), len(weight))
        for rows, sums in _block_sums(value, line.incidence, line.bins):
            torch.addmm(bias, value[rows], own.t(), out=result[rows])
            result[rows].addmm_(sums, weight.t())
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        value, weight, own = ctx.saved_tensors
        line: LineGraph = ctx.line
        grad = grad.contiguous()
        wide = torch.promote_types(value.dtype, torch.float32)
        grad_weight = torch.zeros_like(weight, dtype=wide)
        for rows, sums in _block_sums(value, line.incidence, line.bins):
            grad_weight += grad[rows].t() @ sums
        grad_value = None
        if ctx.needs_input_grad[1]:
            channels, outputs = value.shape[1], len(weight)
            # [output, bin, channel] -> [bin * output, channel]
            turned = weight.view(outputs, line.bins, channels).transpose(0, 1).reshape(-1, channels)
            grad_value = torch.empty_like(value)
            for rows, sums in _block_sums(grad, line.transposed, line.bins):
                torch.mm(grad[rows], own, out=grad_value[rows])
                grad_value[rows].addmm_(sums, turned)
        return None, grad_value, grad_weight.to(value.dtype), grad.t() @ value, grad.sum(0)


def _block_sums(value: Tensor, incidence: Incidence, bins: int) -> Iterator[tuple[slice, Tensor]]:
    """Yield blocks of edges with their sums [edge, bin * channel]."""
    num_edges, width = len(value), bins * value.shape[1]
    step = max(1, _BLOCK_VALUES.get(value.device.type, 1 << 21) // width)
    starts = [*range(0, num_edges, step), num_edges]
    bounds: Int[Tensor, " bound"] = incidence.ptr[[start * bins for start in starts]]
    limits = bounds.tolist()
    for i in range(len(starts) - 1):
        ptr = incidence.ptr[starts[i] * bins : starts[i + 1] * bins + 1] - limits[i]
        sums = row_sums(value, incidence.row[limits[i] : limits[i + 1]], ptr)
        yield slice(starts[i], starts[i + 1]), sums.view(-1, width)
