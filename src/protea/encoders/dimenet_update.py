"""How the state of an edge changes in an interaction of DimeNet++, forward and backward, with little kept between them.

    hidden = act(start) + act(U heard)
    hidden <- hidden + act(W2 act(W1 hidden + c1) + c2)      a residual map
    hidden <- act(W hidden + c) + state                      the skip
    hidden <- ...                                            further residual maps

Autograd would keep what goes into every map and every activation. Kept here is what goes into the activations alone;
the rest follows from it in the backward pass, where it costs no product but the narrow U heard.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear

from protea.encoders.precision import compute_dtype

__all__ = ["updated_state"]

_Act = Callable[[Tensor], Tensor]
_SKIP_TENSORS = 2


def updated_state(
    start: Float[Tensor, "edge hidden"],
    heard: Float[Tensor, "edge triplet"],
    state: Float[Tensor, "edge hidden"],
    up: Float[Tensor, "hidden triplet"],
    maps: Sequence[tuple[Tensor, ...]],
    act: _Act,
) -> Float[Tensor, "edge hidden"]:
    """Return the new states (differentiable once); a map is (W1, c1, W2, c2), or (W, c) of the skip."""
    dtype = compute_dtype(up)
    sizes = tuple(len(one) for one in maps)
    tensors = (start, heard, state, up, *(tensor for one in maps for tensor in one))
    with torch.autocast(start.device.type, enabled=False):
        result: Tensor = _Update.apply(act, sizes, *(tensor.to(dtype) for tensor in tensors))
    return result


class _Update(torch.autograd.Function):
    """`updated_state` on tensors of one dtype."""

    @staticmethod
    def forward(
        ctx: Any, act: _Act, sizes: tuple[int, ...], start: Tensor, heard: Tensor, state: Tensor, up: Tensor,
        *maps: Tensor,
    ) -> Tensor:  # fmt: skip
        hidden = act(start) + act(linear(heard, up))
        kept = []
        for one in _split(maps, sizes):
            before = linear(hidden, one[0], one[1])
            kept.append(before)
            if len(one) == _SKIP_TENSORS:
                hidden = act(before) + state
            else:
                kept.append(linear(act(before), one[2], one[3]))
                hidden = hidden + act(kept[-1])
        ctx.act, ctx.sizes = act, sizes
        ctx.save_for_backward(start, heard, state, up, *maps, *kept)
        return hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        start, heard, state, up, *rest = ctx.saved_tensors
        act, sizes = ctx.act, ctx.sizes
        maps = list(_split(rest, sizes))
        kept = list(_split(rest[sum(sizes) :], [size // 2 for size in sizes]))
        told = linear(heard, up)
        inputs = [act(start) + act(told)]
        for before in kept[:-1]:
            inputs.append(act(before[-1]) + (state if len(before) == 1 else inputs[-1]))
        grad_state, grads = torch.zeros_like(state), list[Tensor]()
        own: tuple[Tensor, ...]
        for one, before in zip(reversed(maps), reversed(kept), strict=True):
            hidden = inputs.pop()
            if len(one) == _SKIP_TENSORS:
                grad_state += grad
                grad, own = _mapped_back(_before_activation(act, before[0], grad), hidden, one[0])
            else:
                inner = _Activated(act, before[0])
                through, last = _mapped_back(_before_activation(act, before[1], grad), inner.value, one[2])
                through, first = _mapped_back(inner.before(through), hidden, one[0])
                grad, own = through.add_(grad), (*first, *last)
            grads = [*own, *grads]
        at_told = _before_activation(act, told, grad)
        at_start = _before_activation(act, start, grad)
        return None, None, at_start, at_told @ up, grad_state, at_told.t() @ heard, *grads


def _split(tensors: Sequence[Tensor], sizes: Sequence[int]) -> Iterator[tuple[Tensor, ...]]:
    at = 0
    for size in sizes:
        yield tuple(tensors[at : at + size])
        at += size


class _Activated:
    """The value of an activation, of which the gradient will be asked."""

    def __init__(self, act: _Act, before: Tensor) -> None:
        with torch.enable_grad():
            self._leaf = before.detach().requires_grad_()
            self._value = act(self._leaf)
        self.value = self._value.detach()

    def before(self, grad: Tensor) -> Tensor:
        """Return the gradient of what went in."""
        return torch.autograd.grad(self._value, self._leaf, grad)[0]


def _before_activation(act: _Act, before: Tensor, grad: Tensor) -> Tensor:
    return _Activated(act, before).before(grad)


def _mapped_back(grad: Tensor, value: Tensor, weight: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Return the gradients of `value`, and of W and c, in W value + c."""
    return grad @ weight, (grad.t() @ value, grad.sum(0))
