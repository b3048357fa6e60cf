"""Sums of messages made block by block: the backward pass makes each block again, apart from the products it kept.

A message function sees one block of edges: what the two residues of each edge give, added up (pairs), values of the
edge, and weights. It asks for large matrix products through `Products`. These are all that is kept of an edge's
size; everything else is made again while the block lies in the cache, and differentiated there by autograd.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.centred_edges import CentredEdges, EdgeBlock

__all__ = ["MessageFunction", "Pair", "Products", "message_sum"]


class Products:
    """The matrix products of one block: computed and kept the first time, taken from there the second time."""

    def __init__(self, kept: Iterator[Tensor] | None = None) -> None:
        self._replayed = kept
        self.kept: list[Tensor] = []

    def once(self, make: Callable[[], Tensor]) -> Tensor:
        """Return what is made and kept the first time, and what was kept the second time; without a gradient."""
        if self._replayed is not None:
            return next(self._replayed).detach()
        with torch.no_grad():
            self.kept.append(make())
        return self.kept[-1].detach()

    def __call__(
        self, addend: Float[Tensor, "*edge channel"], *factors: Float[Tensor, "_ _"]
    ) -> Float[Tensor, "block_edge channel"]:
        """Return addend + x1 w1^T + x2 w2^T + ... for the factors x1, w1, x2, w2, ..."""
        if self._replayed is not None:
            product: Tensor = _KnownProduct.apply(next(self._replayed), addend, *factors)
            return product
        value = torch.addmm(addend, factors[0], factors[1].t())
        for x, weight in zip(factors[2::2], factors[3::2], strict=True):
            value.addmm_(x, weight.t())
        self.kept.append(value)
        return value


class _KnownProduct(torch.autograd.Function):
    """A product whose value is known; its gradients are those of the product."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, addend: Tensor, *factors: Tensor) -> Tensor:
        ctx.is_bias = addend.ndim == 1
        ctx.save_for_backward(*factors)
        return value.detach()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        factors, needed = ctx.saved_tensors, ctx.needs_input_grad[2:]
        grads: list[Tensor | None] = []
        for i in range(0, len(factors), 2):
            x, weight = factors[i], factors[i + 1]
            grads += [grad @ weight if needed[i] else None, grad.t() @ x if needed[i + 1] else None]
        return None, grad.sum(0) if ctx.is_bias else grad, *grads


Pair = tuple[Tensor, Tensor]
"""What residues give to an edge, per residue: the one that receives, the one that sends."""

MessageFunction = Callable[[Sequence[Tensor], Sequence[Tensor], Sequence[Tensor], Products], Sequence[Tensor]]
"""(pairs, values of the edges, weights, products) to messages [block_edge, channel], differentiable."""


def message_sum(
    message: MessageFunction,
    pairs: Sequence[Pair],
    values: Sequence[Float[Tensor, "edge _"]],
    weights: Sequence[Tensor],
    edges: CentredEdges,
) -> Float[Tensor, "residue channel"]:
    """Return the messages to every residue, summed and side by side, in the dtype of the pairs (differentiable once).

    The message function is given both residues of a pair added up, [block_edge, channel]. The first pair may only be
    the addend of a product, which may overwrite it: the second time it has the right shape, but no values.
    """
    dtype, device = pairs[0][0].dtype, pairs[0][0].device
    with torch.autocast(device.type, enabled=False):
        cast = [value.to(dtype) for value in (*values, *weights)]
        flat = [tensor for pair in pairs for tensor in pair]
        total: Tensor = _MessageSum.apply(edges, message, len(pairs), len(values), *flat, *cast)
    return total


class _MessageSum(torch.autograd.Function):
    """`message_sum` on tensors of one dtype."""

    @staticmethod
    def forward(
        ctx: Any, edges: CentredEdges, message: MessageFunction, num_pairs: int, num_values: int, *tensors: Tensor
    ) -> Tensor:
        pairs, values, weights = _sorted_out(tensors, num_pairs, num_values)
        totals, kept = [], []
        for block in _blocks(pairs, edges):
            products = Products()
            added = [_added(pair, edges, block) for pair in pairs]
            made = message(added, [value[block.edges] for value in values], weights, products)
            totals.append(torch.cat([edges.block_total(part, block) for part in made], dim=1))
            kept += products.kept
        ctx.edges, ctx.message, ctx.counts, ctx.num_tensors = edges, message, (num_pairs, num_values), len(tensors)
        ctx.save_for_backward(*tensors, *kept)
        return torch.cat(totals)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        tensors, kept = ctx.saved_tensors[: ctx.num_tensors], iter(ctx.saved_tensors[ctx.num_tensors :])
        edges: CentredEdges = ctx.edges
        pairs, values, weights = _sorted_out(tensors, *ctx.counts)
        is_needed = ctx.needs_input_grad[4 + 2 * len(pairs) :][: len(values)]
        grads = _Gradients(pairs, [v for v, needed in zip(values, is_needed, strict=True) if needed], weights, edges)
        weights = [weight.detach().requires_grad_() for weight in weights]
        for block in _blocks(pairs, edges):
            with torch.enable_grad():
                first = pairs[0][0].new_empty(1, 1).expand(_num_edges(block), pairs[0][0].shape[1])
                added = [first, *(_added(pair, edges, block) for pair in pairs[1:])]
                added = [pair.requires_grad_() for pair in added]
                given = [v[block.edges].detach().requires_grad_(n) for v, n in zip(values, is_needed, strict=True)]
                made = ctx.message(added, given, weights, Products(kept))
            received = grad[block.residues].split([part.shape[1] for part in made], dim=1)
            row = edges.centre[block.edges] - block.residues.start
            leaves = [*added, *(value for value in given if value.requires_grad), *weights]
            spread = [part.index_select(0, row) for part in received]
            grads.add(block, torch.autograd.grad(made, leaves, spread))
        return None, None, None, None, *grads.of_pairs(), *grads.of_values(is_needed), *grads.of_weights()


class _Gradients:
    """Gradients of a backward pass, block by block; those of weights are added up in at least float32."""

    def __init__(self, pairs: list[Pair], values: list[Tensor], weights: list[Tensor], edges: CentredEdges) -> None:
        self._edges, self._dtype = edges, pairs[0][0].dtype
        self._sent = [centre.new_empty(len(edges.source), centre.shape[1]) for centre, _ in pairs]
        self._received = [torch.empty_like(centre) for centre, _ in pairs]
        self._values = [torch.empty_like(value) for value in values]
        wide = torch.promote_types(self._dtype, torch.float32)
        self._weights = [torch.zeros_like(weight, dtype=wide) for weight in weights]

    def add(self, block: EdgeBlock, found: Sequence[Tensor]) -> None:
        """Take the gradients of the pairs, the values and the weights of one block."""
        num_pairs, num_values = len(self._sent), len(self._values)
        for sent, received, part in zip(self._sent, self._received, found[:num_pairs], strict=True):
            sent[block.edges] = part
            received[block.residues] = self._edges.block_total(part.contiguous(), block)
        for buffer, part in zip(self._values, found[num_pairs:][:num_values], strict=True):
            buffer[block.edges] = part
        for total, part in zip(self._weights, found[num_pairs + num_values :], strict=True):
            total += part

    def of_pairs(self) -> Iterator[Tensor]:
        """Yield the gradient of each receiver and of each sender."""
        for sent, received in zip(self._sent, self._received, strict=True):
            yield received
            yield self._edges.total_by_source(sent)

    def of_values(self, is_needed: Sequence[bool]) -> Iterator[Tensor | None]:
        """Yield the gradient of each value, None where none is needed."""
        buffers = iter(self._values)
        return (next(buffers) if needed else None for needed in is_needed)

    def of_weights(self) -> Iterator[Tensor]:
        """Yield the gradient of each weight."""
        return (total.to(self._dtype) for total in self._weights)


def _sorted_out(
    tensors: Sequence[Tensor], num_pairs: int, num_values: int
) -> tuple[list[Pair], list[Tensor], list[Tensor]]:
    """Return the pairs, the values and the weights of a flat list."""
    flat, others = tensors[: 2 * num_pairs], list(tensors[2 * num_pairs :])
    return list(zip(flat[::2], flat[1::2], strict=True)), others[:num_values], others[num_values:]


def _blocks(pairs: Sequence[Pair], edges: CentredEdges) -> Iterator[EdgeBlock]:
    """Yield blocks of edges; in half precision eight times as long, for calls cost as much and products far less."""
    width = sum(centre.shape[1] for centre, _ in pairs)
    return edges.blocks(max(width // 8, 1) if pairs[0][0].dtype.itemsize == 2 else width)


def _num_edges(block: EdgeBlock) -> int:
    return block.edges.stop - block.edges.start


def _added(pair: Pair, edges: CentredEdges, block: EdgeBlock) -> Float[Tensor, "block_edge channel"]:
    centre, source = pair
    added = source.index_select(0, edges.source[block.edges])
    edges.add_centre(added, centre, block)
    return added
