"""Outputs and gradients equal those of the function on all rows at once; nothing it makes is kept."""

import torch
from torch import Tensor

from protea.encoders.recomputed_blocks import RowBlock, recomputed_blocks

BLOCKS = (
    RowBlock((slice(0, 2), slice(0, 4)), (slice(0, 2), slice(0, 4))),
    RowBlock((slice(2, 5), slice(4, 7)), (slice(2, 5), slice(4, 7))),
)


def function(number: int, rows: tuple[Tensor, ...], shared: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    few, many = rows
    weight, _ = shared
    return (few @ weight).tanh() * many.sum(), many.square() @ weight + number


def tensors() -> list[Tensor]:
    draw = torch.Generator().manual_seed(0)
    shapes = ((6, 3), (7, 3), (3, 2), (1,))
    return [torch.randn(shape, generator=draw, dtype=torch.float64).requires_grad_() for shape in shapes]


def test_values_and_gradients() -> None:
    few, many, weight, unused = tensors()
    found = recomputed_blocks(function, BLOCKS, (few, many), (weight, unused), ((6, 2), (7, 2)))
    parts = [
        function(i, (few[block.inputs[0]], many[block.inputs[1]]), (weight, unused)) for i, block in enumerate(BLOCKS)
    ]
    expected = [torch.cat(part) for part in zip(*parts, strict=True)]
    assert torch.equal(found[0][:5], expected[0])
    assert torch.equal(found[0][5], torch.zeros(2).double()), "no block covers the last row"
    assert torch.equal(found[1], expected[1])
    ours = torch.autograd.grad(found[0].sin().sum() + found[1].square().sum(), [few, many, weight])
    theirs = torch.autograd.grad(expected[0].sin().sum() + expected[1].square().sum(), [few, many, weight])
    assert all(torch.allclose(one, other) for one, other in zip(ours, theirs, strict=True))


def test_a_gradient_that_nobody_asks_for_is_not_made() -> None:
    few, many, weight, unused = tensors()
    found = recomputed_blocks(function, BLOCKS, (few.detach(), many), (weight.detach(), unused), ((6, 2), (7, 2)))
    (grad,) = torch.autograd.grad(found[1].sum(), [many])
    assert torch.allclose(grad, 2 * many * weight.detach().sum(1))


def test_without_blocks_everything_is_zero() -> None:
    few, many, weight, unused = tensors()
    found = recomputed_blocks(function, (), (few, many), (weight, unused), ((6, 2), (7, 2)))
    (found[0].sum() + found[1].sum()).backward()
    assert not found[0].any()
    assert weight.grad is not None
    assert not weight.grad.any()
