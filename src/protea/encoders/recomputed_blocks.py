"""A function of rows, applied block by block, whose intermediate values are made again for its gradient.

What a block makes on its way lives in the cache and is gone after it; only inputs and outputs are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

__all__ = ["RowBlock", "recomputed_blocks"]


@dataclass(frozen=True)
class RowBlock:
    """The rows of every input and of every output that one block covers."""

    inputs: tuple[slice, ...]
    outputs: tuple[slice, ...]


_BlockFunction = Callable[[int, tuple[Tensor, ...], tuple[Tensor, ...]], tuple[Tensor, ...]]


def recomputed_blocks(
    function: _BlockFunction,
    blocks: Sequence[RowBlock],
    rows: tuple[Tensor, ...],
    shared: tuple[Tensor, ...],
    shapes: tuple[tuple[int, ...], ...],
) -> tuple[Tensor, ...]:
    """Return the outputs of `function(number of the block, its rows, shared)` put together, differentiable once.

    Outputs have the given shapes and the dtype of the first input; rows that no block covers are 0. The gradients of
    what is shared are summed in at least float32.
    """
    outputs: tuple[Tensor, ...] = _Blocks.apply(function, tuple(blocks), len(rows), shapes, *rows, *shared)
    return outputs


class _Blocks(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, function: _BlockFunction, blocks: tuple[RowBlock, ...], num_rows: int,
        shapes: tuple[tuple[int, ...], ...], *tensors: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        rows, shared = tensors[:num_rows], tensors[num_rows:]
        outputs = tuple(rows[0].new_zeros(shape) for shape in shapes)
        for number, block in enumerate(blocks):
            piece = tuple(value[place] for value, place in zip(rows, block.inputs, strict=True))
            for output, place, value in zip(outputs, block.outputs, function(number, piece, shared), strict=True):
                output[place] = value
        ctx.function, ctx.blocks, ctx.num_rows = function, blocks, num_rows
        ctx.save_for_backward(*tensors)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        tensors: tuple[Tensor, ...] = ctx.saved_tensors
        needed = ctx.needs_input_grad[4:]
        rows, shared = tensors[: ctx.num_rows], tensors[ctx.num_rows :]
        found: list[Tensor | None] = []
        for i, (tensor, is_needed) in enumerate(zip(tensors, needed, strict=True)):
            wide = torch.promote_types(tensor.dtype, torch.float32) if i >= ctx.num_rows else tensor.dtype
            found.append(torch.zeros_like(tensor, dtype=wide) if is_needed else None)
        for number, block in enumerate(ctx.blocks):
            piece = [value[place].detach() for value, place in zip(rows, block.inputs, strict=True)]
            inputs = [
                value.detach().requires_grad_(is_needed)
                for value, is_needed in zip((*piece, *shared), needed, strict=True)
            ]
            with torch.enable_grad():
                made = ctx.function(number, tuple(inputs[: ctx.num_rows]), tuple(inputs[ctx.num_rows :]))
            pairs = [
                (value, grad[place])
                for value, grad, place in zip(made, grads, block.outputs, strict=True)
                if value.requires_grad
            ]
            asked = [value for value in inputs if value.requires_grad]
            made, weights = [value for value, _ in pairs], [grad for _, grad in pairs]
            given = iter(torch.autograd.grad(made, asked, weights, allow_unused=True) if pairs else ())
            for i, value in enumerate(inputs):
                grad = next(given, None) if value.requires_grad else None
                into = found[i]
                if grad is not None and into is not None:
                    _add(into, grad, block.inputs[i] if i < ctx.num_rows else None)
        results = [
            value if value is None else value.to(tensor.dtype) for value, tensor in zip(found, tensors, strict=True)
        ]
        return (None, None, None, None, *results)


def _add(into: Tensor, grad: Tensor, place: slice | None) -> None:
    """Put the gradient of a block's rows in their place; add that of what is shared."""
    if place is None:
        into += grad
    else:
        into[place] = grad
