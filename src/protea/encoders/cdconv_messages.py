"""The sum of CDConv over neighbours, with the map that follows it.

    out_i = W flatten(sum over slots s of kernel_is (x) value_s)        (outer product of [kernel] and [channel])

The outer products are summed as a matrix product per point and are never made one by one; their sums are made again
for the backward pass. Gradients travel back by sums of chosen rows, without a scatter.
"""

from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.precision import compute_dtype
from protea.encoders.row_sums import Incidence, row_sums

__all__ = ["kernel_sum"]

_BLOCK_VALUES = 1 << 26
"""Values of the sums that are there at a time: the products are then as large as they are fast."""


def kernel_sum(
    value: Float[Tensor, "point channel"],
    kernel: Float[Tensor, "point slot kernel"],
    weight: Float[Tensor, "kernel_channel output"],
    heard: Incidence,
) -> Float[Tensor, "point output"]:
    """Return the mapped sum of every point (differentiable once)."""
    dtype = compute_dtype(weight)
    with torch.autocast(value.device.type, enabled=False):
        total: Tensor = _KernelSum.apply(value.to(dtype), kernel.to(dtype), weight.to(dtype), heard)
    return total


class _KernelSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, kernel: Tensor, weight: Tensor, heard: Incidence) -> Tensor:
        ctx.heard = heard
        ctx.save_for_backward(value, kernel, weight)
        result = value.new_empty(len(value), weight.shape[1])
        for rows, neighbours in _blocks(value, kernel, heard):
            total = torch.bmm(kernel[rows].transpose(1, 2), neighbours)
            torch.mm(total.flatten(1), weight, out=result[rows])
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        value, kernel, weight = ctx.saved_tensors
        heard: Incidence = ctx.heard
        grad, grad_kernel, grad_weight = grad.contiguous(), torch.empty_like(kernel), torch.zeros_like(weight)
        message = value.new_empty(*kernel.shape[:2], value.shape[1])
        for rows, neighbours in _blocks(value, kernel, heard):
            share = kernel[rows]
            total = torch.bmm(share.transpose(1, 2), neighbours)
            grad_weight.addmm_(total.flatten(1).t(), grad[rows])
            grad_total = torch.mm(grad[rows], weight.t()).view(total.shape)
            torch.bmm(share, grad_total, out=message[rows])
            grad_kernel[rows] = torch.bmm(neighbours, grad_total.transpose(1, 2))
        grad_value = row_sums(message.flatten(0, 1), heard.order, heard.transposed.ptr)
        return grad_value, grad_kernel, grad_weight, None


def _blocks(value: Tensor, kernel: Tensor, heard: Incidence) -> Iterator[tuple[slice, Tensor]]:
    """Yield blocks of points with the values in their slots."""
    num_points, num_slots, kernel_dim = kernel.shape
    table = heard.row.view(num_points, num_slots)
    step = max(1, _BLOCK_VALUES // max(1, kernel_dim * value.shape[1]))
    for start in range(0, num_points, step):
        rows = slice(start, min(start + step, num_points))
        yield rows, value.index_select(0, table[rows].flatten()).view(-1, num_slots, value.shape[1])
