"""How far a ratio can go: the least work that a training step of this mathematics asks of a machine, timed alone.

Counted are, for one forward and backward pass,
- the dense matrix products of our forward pass that reach over residues or edges, each with the two products of its
  gradient, at the shapes in which they are called. Ours are the fewest known: what is linear has left the edges;
- every activation over residues or edges (sigmoid, silu, relu, tanh, elu, exp, sqrt), forward and backward: this reads
  and writes once each way every tensor that must exist, namely what goes into an activation and what comes out.

Not counted are sums, gathers, residuals, norms, gates, products between weights, whatever is made a second time, and
the calls themselves: no form of the mathematics is free of them, so no form reaches the ceiling. Each shape is timed
on operands that lie in the cache where they fit there, in the precision of the row; equal shapes are timed once.
"""

import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from speed.harness import now

__all__ = ["LeastWork", "least_seconds"]

_PRODUCTS = {"mm": (0, 1), "addmm": (1, 2), "addmm_": (1, 2), "bmm": (0, 1), "baddbmm": (1, 2)}
"""Where the two factors stand among the arguments."""

_BACKWARD: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "sigmoid": lambda grad, _, result: torch.ops.aten.sigmoid_backward(grad, result),
    "silu": lambda grad, value, _: torch.ops.aten.silu_backward(grad, value),
    "relu": lambda grad, _, result: torch.ops.aten.threshold_backward(grad, result, 0),
    "tanh": lambda grad, _, result: torch.ops.aten.tanh_backward(grad, result),
    "elu": lambda grad, value, _: torch.ops.aten.elu_backward(grad, 1.0, 1.0, 1.0, False, value),
    "exp": lambda grad, _, result: grad * result,
    "sqrt": lambda grad, _, result: grad / result,
}
"""The gradient of each activation that counts: (gradient, value, result) to gradient."""

Product = tuple[int, int, int, int, torch.dtype]
"""Matrices, rows, inner dimension, columns."""
Activation = tuple[str, int, torch.dtype]
"""Name and number of values."""


class LeastWork(TorchDispatchMode):
    """Counts the products and activations that reach over at least `num_rows` rows while it is entered."""

    def __init__(self, num_rows: int) -> None:
        super().__init__()
        self.num_rows = num_rows
        self.products: Counter[Product] = Counter()
        self.activations: Counter[Activation] = Counter()

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = function.overloadpacket.__name__
        if name in _PRODUCTS:
            self._take_product(*(args[place] for place in _PRODUCTS[name]))
        elif name.removesuffix("_") in _BACKWARD and max(args[0].shape, default=0) >= self.num_rows:
            self.activations[name.removesuffix("_"), args[0].numel(), args[0].dtype] += 1
        return function(*args, **(kwargs or {}))

    def _take_product(self, left: Tensor, right: Tensor) -> None:
        number = left.shape[0] if left.ndim > 2 else 1
        rows, inner, columns = left.shape[-2], left.shape[-1], right.shape[-1]
        if number * max(rows, columns) < self.num_rows:
            return
        # The long side counts as the rows, whichever way it stands.
        self.products[number, max(rows, columns), inner, min(rows, columns), left.dtype] += 1

    def seconds(self, repeats: int) -> float:
        """Return the time of everything that was counted and of its gradients, each shape timed alone."""
        total = sum(count * _product_seconds(product, repeats) for product, count in self.products.items())
        return total + sum(count * _activation_seconds(one, repeats) for one, count in self.activations.items())


def least_seconds(forward: Callable[[], Tensor], num_rows: int, dtype: torch.dtype, repeats: int) -> float:
    """Return the seconds of the least work of a step whose forward pass this is, under autocast for bfloat16."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16), LeastWork(num_rows) as work:
        forward()
    return work.seconds(repeats)


def _product_seconds(product: Product, repeats: int) -> float:
    number, rows, inner, columns, dtype = product
    left, right = torch.randn(number, rows, inner).to(dtype), torch.randn(number, inner, columns).to(dtype)
    grad = torch.randn(number, rows, columns).to(dtype)
    if number == 1:
        left, right, grad = left[0], right[0], grad[0]
    turned, across = right.transpose(-1, -2), left.transpose(-1, -2)
    return sum(_median(call, repeats) for call in (lambda: left @ right, lambda: grad @ turned, lambda: across @ grad))


def _activation_seconds(activation: Activation, repeats: int) -> float:
    name, size, dtype = activation
    value = torch.rand(size).to(dtype)
    apply, backward = getattr(torch.ops.aten, name), _BACKWARD[name]
    result = apply(value)
    return sum(_median(call, repeats) for call in (lambda: apply(value), lambda: backward(value, value, result)))


def _median(call: Callable[[], Tensor], repeats: int) -> float:
    call()
    seconds = []
    for _ in range(repeats):
        start = now()
        call()
        seconds.append(now() - start)
    return statistics.median(seconds)
