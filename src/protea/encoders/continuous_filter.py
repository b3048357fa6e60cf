"""The continuous-filter convolution: neighbours weighted, channel by channel, by a network of the distance.

    total_i = sum over edges j -> i of envelope_ij * filter(basis_ij) * value_j
    filter(b) = W2 ssp(W1 b + c1) + c2,  ssp(z) = log(1 + exp(z)) - log 2

(SchNet, eq. 2). The backward pass is written out: it keeps one activation per edge and computes the filter and the
gathered values again, so that the layer holds about a quarter of what autograd would keep.
"""

import math
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from protea.encoders.centred_edges import CentredEdges, EdgeBlock
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
    basis: Float[Tensor, "edge gaussian"],
    envelope: Float[Tensor, " edge"],
    edges: CentredEdges,
    network: "FilterNetwork",
) -> Float[Tensor, "residue filter"]:
    """Return the filtered sum over the neighbours of every residue; `envelope` must be 0 in empty slots.

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
        ctx.edges = edges
        active = basis.new_empty(len(basis), weight1.shape[0])
        total = torch.empty_like(value)
        for block in edges.blocks(value.shape[1]):
            here = active[block.edges]
            torch.sub(F.softplus(torch.addmm(bias1, basis[block.edges], weight1.t())), _LOG_2, out=here)
            message = torch.addmm(bias2, here, weight2.t())
            message.mul_(value.index_select(0, edges.source[block.edges]))
            total[block.residues] = _weighted_total(message, envelope[block.edges], edges, block)
        ctx.save_for_backward(value, basis, envelope, weight1, weight2, bias2, active)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        value, basis, envelope, weight1, weight2, bias2, active = ctx.saved_tensors
        edges: CentredEdges = ctx.edges
        _, needs_value, needs_basis, needs_envelope, *_ = ctx.needs_input_grad
        grad_message = torch.empty_like(active) if needs_value else None
        grad_basis = torch.empty_like(basis) if needs_basis else None
        grad_envelope = torch.empty_like(envelope) if needs_envelope else None
        sums = _Sums(weight1, weight2)
        for block in edges.blocks(value.shape[1]):
            here, rows = active[block.edges], block.edges
            filters = torch.addmm(bias2, here, weight2.t())
            gathered = value.index_select(0, edges.source[rows])
            spread = _spread(grad, edges, block)
            if grad_envelope is not None:
                torch.sum(spread * filters * gathered, 1, out=grad_envelope[rows])
            spread.mul_(envelope[rows, None])
            if grad_message is not None:
                torch.mul(spread, filters, out=grad_message[rows])
            grad_filters = gathered.mul_(spread)
            # ssp'(z) = sigmoid(z) = 1 - exp(-ssp(z)) / 2
            slope = torch.neg(here, out=filters).exp_().mul_(-0.5).add_(1.0)
            grad_hidden = torch.mm(grad_filters, weight2, out=spread).mul_(slope)
            if grad_basis is not None:
                torch.mm(grad_hidden, weight1, out=grad_basis[rows])
            sums.add(grad_hidden, basis[rows], grad_filters, here)
        grad_value = None if grad_message is None else edges.total_by_source(grad_message)
        return None, grad_value, grad_basis, grad_envelope, *sums.of(value.dtype)


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


def _spread(grad: Tensor, edges: CentredEdges, block: EdgeBlock) -> Tensor:
    """Return the centre's gradient for every edge of a block, as a tensor of its own."""
    if edges.width is not None:
        rows = grad[block.residues]
        return rows[:, None].expand(-1, edges.width, -1).reshape(-1, grad.shape[1])
    return grad.index_select(0, edges.centre[block.edges])


def _weighted_total(message: Tensor, weight: Tensor, edges: CentredEdges, block: EdgeBlock) -> Tensor:
    """Return the weighted sum of a block's messages to each of its residues."""
    if edges.width is None:
        return edges.block_total(message.mul_(weight[:, None]), block)
    shape = (-1, edges.width, message.shape[1])
    return torch.bmm(weight.view(-1, 1, edges.width), message.view(shape)).squeeze(1)
