"""Vectors on a block of edges: mapped, measured and gated, forward and backward in few and long steps.

They stand as [channel, 3, edge], and what there is one of per channel as [channel, edge]: edges come last, so that
every step is long, channels are parted without a copy, and one product maps all three coordinates. Between blocks they
stand in rows, x, y, z of the first channel, then of the next. Nothing here is differentiable twice.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

__all__ = ["coordinate_dot", "edges_last", "from_rows", "gated", "lengths", "mapped", "to_rows"]


def to_rows(vector: Float[Tensor, "3 item channel"]) -> Float[Tensor, "item channels_of_three"]:
    """Return x, y, z of the first channel, then of the next, in one row per item."""
    return vector.permute(1, 2, 0).flatten(1)


def from_rows(rows: Float[Tensor, "item channels_of_three"]) -> Float[Tensor, "3 item channel"]:
    """Return the vectors of `to_rows`, as a view."""
    return rows.unflatten(1, (rows.shape[1] // 3, 3)).permute(2, 0, 1)


def edges_last(rows: Float[Tensor, "edge channels_of_three"]) -> Float[Tensor, "channel 3 edge"]:
    """Return the vectors of rows as a block holds them."""
    return rows.t().contiguous().unflatten(0, (rows.shape[1] // 3, 3))


def mapped(vector: Float[Tensor, "given 3 edge"], weight: Float[Tensor, "made given"]) -> Float[Tensor, "made 3 edge"]:
    """Return a linear map over channels."""
    return (weight @ vector.flatten(1)).unflatten(1, (3, vector.shape[2]))


def lengths(vector: Float[Tensor, "channel 3 edge"], *, soft: float) -> Float[Tensor, "channel edge"]:
    """Return sqrt(v^2 + soft), whose gradient at 0 is 0."""
    found: Tensor = _Lengths.apply(vector, soft)
    return found


def gated(
    base: Float[Tensor, "channel 3 edge"] | None,
    vector: Float[Tensor, "channel 3 edge"],
    gate: Float[Tensor, "channel edge"],
) -> Float[Tensor, "channel 3 edge"]:
    """Return base + sigmoid(gate) vector."""
    moved: Tensor = _Gated.apply(base, vector, gate)
    return moved


def coordinate_dot(
    left: Float[Tensor, "channel 3 edge"], right: Float[Tensor, "channel 3 edge"]
) -> Float[Tensor, "channel edge"]:
    """Return the sum over coordinates of left * right (no gradient)."""
    total = left[:, 0] * right[:, 0]
    return total.addcmul_(left[:, 1], right[:, 1]).addcmul_(left[:, 2], right[:, 2])


class _Lengths(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, vector: Tensor, soft: float) -> Tensor:
        length = coordinate_dot(vector, vector).add_(soft).sqrt_()
        ctx.save_for_backward(vector, length)
        return length

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        vector, length = ctx.saved_tensors
        return vector * (grad / length)[:, None], None


class _Gated(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, base: Tensor | None, vector: Tensor, gate: Tensor) -> Tensor:
        share = torch.sigmoid(gate)
        ctx.save_for_backward(vector, share)
        return vector * share[:, None] if base is None else torch.addcmul(base, vector, share[:, None])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        vector, share = ctx.saved_tensors
        grad = grad.contiguous()
        at_gate = torch.ops.aten.sigmoid_backward(coordinate_dot(grad, vector), share)
        return grad if ctx.needs_input_grad[0] else None, grad * share[:, None], at_gate
