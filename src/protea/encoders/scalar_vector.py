"""Scalars and vectors side by side: their lengths, normalisation and dropout, as GVP and GCPNet share them.

Vectors stand as [3, item, channel]: a linear map over channels acts on the last axis, and a gate per item and channel
meets three contiguous planes.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

__all__ = ["PairNorm", "ScalarVector", "channel_length", "drop_channels", "square_sum", "to_columns", "to_planes"]

ScalarVector = tuple[Tensor, Tensor]
"""(scalar [item, channel], vector [3, item, channel])"""

_LEAST_SQUARE = 1e-8


def to_columns(vector: Float[Tensor, "3 item channel"]) -> Float[Tensor, "item three_channels"]:
    """Return x of all channels, then y, then z, in one row per item."""
    return vector.transpose(0, 1).flatten(1)


def to_planes(columns: Float[Tensor, "item three_channels"]) -> Float[Tensor, "3 item channel"]:
    """Return the vectors of `to_columns`, as a view."""
    return columns.unflatten(1, (3, columns.shape[1] // 3)).transpose(0, 1)


class _SquareSum(torch.autograd.Function):
    """x^2 + y^2 + z^2 in three passes."""

    @staticmethod
    def forward(ctx: Any, vector: Tensor) -> Tensor:
        ctx.save_for_backward(vector)
        x, y, z = vector.unbind(0)
        return (x * x).addcmul_(y, y).addcmul_(z, z)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (vector,) = ctx.saved_tensors
        result: Tensor = vector * (2 * grad)
        return result


def square_sum(vector: Float[Tensor, "3 item channel"]) -> Float[Tensor, "item channel"]:
    """Return the squared length of every vector (differentiable once)."""
    found: Tensor = _SquareSum.apply(vector)
    return found


def channel_length(vector: Float[Tensor, "3 item channel"]) -> Float[Tensor, "item channel"]:
    """Return the length of every vector, at least 1e-4, with gradient 0 below."""
    return square_sum(vector).clamp(min=_LEAST_SQUARE).sqrt()


class PairNorm(nn.Module):
    """Layer normalisation of the scalars; the vectors of an item are divided by their root mean squared length."""

    def __init__(self, num_scalars: int) -> None:
        super().__init__()
        self.scalar_norm = nn.LayerNorm(num_scalars)

    def forward(
        self, scalar: Float[Tensor, "item scalar"], vector: Float[Tensor, "3 item channel"]
    ) -> tuple[Float[Tensor, "item scalar"], Float[Tensor, "3 item channel"]]:
        """Return both, normalised; an item whose vectors are all 0 keeps them."""
        square = square_sum(vector).clamp(min=_LEAST_SQUARE)
        return self.scalar_norm(scalar), vector / square.mean(1, keepdim=True).sqrt()


def drop_channels(
    scalar: Float[Tensor, "item scalar"], vector: Float[Tensor, "3 item channel"], rate: float, is_training: bool
) -> tuple[Float[Tensor, "item scalar"], Float[Tensor, "3 item channel"]]:
    """Return both with a share of the scalars and of the whole vectors set to 0, and the rest scaled up for it."""
    if not is_training or rate == 0:
        return scalar, vector
    keep = nn.functional.dropout(torch.ones_like(vector[0]), rate, training=True)
    return nn.functional.dropout(scalar, rate, training=True), vector * keep
