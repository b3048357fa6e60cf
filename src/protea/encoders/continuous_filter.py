"""The continuous-filter convolution: neighbours weighted, channel by channel, by a network of the distance.

    total_i = sum over edges j -> i of envelope_ij * filter(basis_ij) * value_j
    filter(b) = W2 ssp(W1 b + c1) + c2,  ssp(z) = log(1 + exp(z)) - log 2

(SchNet, eq. 2). A filter depends on the distance alone, so it is made once for each pair of residues, not for each
edge: two thirds of the products. The backward pass is written out and keeps two values per pair and channel.
"""

import math
from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from protea.encoders.centred_edges import CentredEdges, EdgePairs
from protea.encoders.precision import compute_dtype

__all__ = ["FilterNetwork", "filtered_sum", "shifted_softplus"]

_LOG_2 = math.log(2.0)


def shifted_softplus(value: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return log(1 + exp(value)) - log 2, which is 0 at 0."""
    return F.softplus(value) - _LOG_2


class FilterNetwork(nn.Module):
    """The two linear maps of the filter, under their published names `0` and `2` (1 is the activation)."""

    def __init__(self, num_gaussians: int, num_filters: int) -> None:
        super().__init__()
        self.add_module("0", nn.Linear(num_gaussians, num_filters))
        self.add_module("2", nn.Linear(num_filters, num_filters))
        for layer in (self.get_submodule("0"), self.get_submodule("2")):
            assert isinstance(layer, nn.Linear)
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    @property
    def weights(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Weight and bias of the first, then of the second map."""
        return (
            self.get_parameter("0.weight"),
            self.get_parameter("0.bias"),
            self.get_parameter("2.weight"),
            self.get_parameter("2.bias"),
        )


def filtered_sum(
    value: Float[Tensor, "residue filter"],
    basis: Float[Tensor, "pair gaussian"],
    envelope: Float[Tensor, " pair"],
    edges: CentredEdges,
    network: FilterNetwork,
) -> Float[Tensor, "residue filter"]:
    """Return the filtered sum over the neighbours of every residue; basis and envelope belong to `edges.pairs`.

    Differentiable once in the values, the basis, the envelope and the weights of both linear maps.
    """
    tensors = (value, basis, envelope, *network.weights)
    dtype = compute_dtype(network.weights[0])
    with torch.autocast(value.device.type, enabled=False):
        total: Tensor = _FilteredSum.apply(edges, *(tensor.to(dtype) for tensor in tensors))
    return total


class _FilteredSum(torch.autograd.Function):
    """`filtered_sum` on tensors of one dtype."""

    @staticmethod
    def forward(
        ctx: Any,
        edges: CentredEdges,
        value: Tensor,
        basis: Tensor,
        envelope: Tensor,
        weight1: Tensor,
        bias1: Tensor,
        weight2: Tensor,
        bias2: Tensor,
    ) -> Tensor:
        active = basis.new_empty(len(basis), len(weight1))
        filters = torch.empty_like(active)
        for rows in _row_blocks(active):
            torch.sub(F.softplus(torch.addmm(bias1, basis[rows], weight1.t())), _LOG_2, out=active[rows])
            torch.addmm(bias2, active[rows], weight2.t(), out=filters[rows]).mul_(envelope[rows, None])
        total = _filtered_rows(value, filters, edges, edges.pairs.of_edge)
        ctx.edges = edges
        ctx.save_for_backward(value, basis, envelope, weight1, weight2, bias2, active, filters)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        value, basis, envelope, weight1, weight2, bias2, active, filters = ctx.saved_tensors
        _, _, needs_basis, needs_envelope, *_ = ctx.needs_input_grad
        edges: CentredEdges = ctx.edges
        grad = grad.contiguous()
        # The gradient of the values is the same sum along the opposite edges.
        grad_value = _filtered_rows(grad, filters, edges.reversed, edges.pairs.of_edge[edges.incidence.order])
        padded = torch.cat([grad, grad.new_zeros(1, grad.shape[1])])
        grad_basis = torch.empty_like(basis) if needs_basis else None
        grad_envelope = torch.empty_like(envelope) if needs_envelope else None
        sums = _Sums(weight1, weight2)
        for rows in _row_blocks(active):
            here = active[rows]
            outer = _both_ways(value, padded, edges.pairs, rows)
            if grad_envelope is not None:
                # The kept filter carries the envelope, which may be 0: the bare one is made again.
                bare = torch.addmm(bias2, here, weight2.t())
                grad_envelope[rows] = bare.mul_(outer).sum(1)
            outer.mul_(envelope[rows, None])
            # ssp'(z) = sigmoid(z) = 1 - exp(-ssp(z)) / 2
            slope = torch.neg(here).exp_().mul_(-0.5).add_(1.0)
            hidden = torch.mm(outer, weight2).mul_(slope)
            if grad_basis is not None:
                torch.mm(hidden, weight1, out=grad_basis[rows])
            sums.add(hidden, basis[rows], outer, here)
        return None, grad_value, grad_basis, grad_envelope, *sums.of(value.dtype)


def _filtered_rows(value: Tensor, filters: Tensor, edges: CentredEdges, pair_of: Tensor) -> Tensor:
    """Return for every residue the sum over its edges of the pair's filter times the source's row."""
    total = torch.empty_like(value)
    for block in edges.blocks(value.shape[1]):
        message = filters.index_select(0, pair_of[block.edges])
        message.mul_(value.index_select(0, edges.source[block.edges]))
        total[block.residues] = edges.block_total(message, block)
    return total


def _both_ways(value: Tensor, grad: Tensor, pairs: EdgePairs, rows: slice) -> Tensor:
    """Return the gradient of the filters of some pairs: from the first edge, and from the opposite one if it exists.

    The last row of `grad` is 0 and stands for the edge that is not there.
    """
    target, source = pairs.target[rows], pairs.source[rows]
    first = grad.index_select(0, target).mul_(value.index_select(0, source))
    return first.addcmul_(grad.index_select(0, pairs.back[rows]), value.index_select(0, target))


def _row_blocks(value: Tensor) -> Iterator[slice]:
    """Yield blocks of rows that stay in the cache on a CPU; all rows at once elsewhere."""
    step = max(1, (1 << 20) // value.shape[1]) if value.device.type == "cpu" else max(1, len(value))
    for start in range(0, len(value), step):
        yield slice(start, start + step)


class _Sums:
    """Gradients of weights and biases, added up block by block in at least float32."""

    def __init__(self, weight1: Tensor, weight2: Tensor) -> None:
        wide = torch.promote_types(weight1.dtype, torch.float32)
        self.weight1, self.weight2 = (torch.zeros_like(weight, dtype=wide) for weight in (weight1, weight2))
        self.bias1, self.bias2 = (weight.new_zeros(len(weight), dtype=wide) for weight in (weight1, weight2))

    def add(self, hidden: Tensor, basis: Tensor, filters: Tensor, active: Tensor) -> None:
        self.weight1 += hidden.t() @ basis
        self.bias1 += hidden.sum(0)
        self.weight2 += filters.t() @ active
        self.bias2 += filters.sum(0)

    def of(self, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.weight1.to(dtype), self.bias1.to(dtype), self.weight2.to(dtype), self.bias2.to(dtype)
