"""The activation of SchNet, log(1 + exp(z)) - log 2, and its slope; on a CPU in blocks that stay in the cache."""

import math
from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

__all__ = ["row_blocks", "shifted_softplus", "write_input_grad", "write_shifted_softplus"]

_BLOCK_VALUES = 1 << 18
"""Values per block and thread: in float32 half of a usual second-level cache."""

_LARGEST_EXPONENT = 80.0


def row_blocks(value: Float[Tensor, "row channel"]) -> Iterator[slice]:
    """Yield blocks of rows that stay in the cache on a CPU; all rows at once elsewhere."""
    is_blocked = value.device.type == "cpu"
    num_values = _BLOCK_VALUES * torch.get_num_threads()
    step = max(1, num_values // max(1, value.shape[1])) if is_blocked else max(1, len(value))
    for start in range(0, len(value), step):
        yield slice(start, min(start + step, len(value)))


def shifted_softplus(value: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return log(1 + exp(value)) - log 2, which is 0 at 0 (differentiable once)."""
    active: Tensor = _ShiftedSoftplus.apply(value)
    return active


def write_shifted_softplus(value: Tensor, out: Tensor) -> None:
    """Write the activation of `value` into `out`; they may be the same tensor.

    log(exp(z) / 2 + 1 / 2) costs a third of softplus on a CPU and is as exact: the logarithm's argument is rounded
    where the difference to log 2 would be. It would overflow for large z, which therefore take the long way.
    """
    if value.device.type != "cpu":
        torch.sub(F.softplus(value), math.log(2.0), out=out)
        return
    wide = value if value.dtype in (torch.float32, torch.float64) else value.float()
    # False for a NaN as well, which then stays a NaN.
    if wide.numel() and not bool(wide.amax() < _LARGEST_EXPONENT):
        # Unlike torch's softplus, which ends at z = 20, exact in float64 too.
        out.copy_(torch.logaddexp(wide, wide.new_zeros(())) - math.log(2.0))
        return
    power = out if out.dtype == wide.dtype else wide
    torch.exp(wide, out=power)
    torch.add(power.new_tensor(0.5), power, alpha=0.5, out=power).log_()
    if power is not out:
        out.copy_(power)


def write_input_grad(grad: Tensor, active: Tensor, out: Tensor) -> None:
    """Write `grad` times the slope where the activation is `active` into `out`, a tensor of its own.

    The slope is sigmoid(z) = 1 - exp(-active) / 2, so that z need not be kept.
    """
    torch.neg(active, out=out).exp_()
    torch.addcmul(grad, grad, out, value=-0.5, out=out)


class _ShiftedSoftplus(torch.autograd.Function):
    """`shifted_softplus`; the activation alone is kept, which the map that follows keeps anyway."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        active = torch.empty_like(value, memory_format=torch.contiguous_format)
        rows, source = _as_rows(active), _as_rows(value.contiguous())
        for block in row_blocks(rows):
            write_shifted_softplus(source[block], rows[block])
        ctx.save_for_backward(active)
        return active

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (active,) = ctx.saved_tensors
        result = torch.empty_like(active)
        rows, source, kept = _as_rows(result), _as_rows(grad.contiguous()), _as_rows(active)
        for block in row_blocks(rows):
            write_input_grad(source[block], kept[block], rows[block])
        return result


def _as_rows(value: Tensor) -> Tensor:
    return value.view(-1, value.shape[-1]) if value.dim() > 1 and value.numel() else value.view(-1, 1)
