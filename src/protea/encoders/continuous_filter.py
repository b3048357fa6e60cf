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

from protea.encoders.centred_edges import CentredEdges
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
        active = shifted_softplus(torch.addmm(bias1, basis, weight1.t()))
        ctx.edges = edges
        ctx.save_for_backward(value, basis, envelope, weight1, weight2, bias2, active)
        message = torch.addmm(bias2, active, weight2.t()).mul_(value.index_select(0, edges.source))
        if edges.width is None:
            return edges.total(message.mul_(envelope[:, None]))
        shape = (edges.num_residues, edges.width, value.shape[1])
        return torch.bmm(envelope.view(*shape[:2]).unsqueeze(1), message.view(shape)).squeeze(1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        value, basis, envelope, weight1, weight2, bias2, active = ctx.saved_tensors
        edges: CentredEdges = ctx.edges
        _, needs_value, needs_basis, needs_envelope, *needs_weights = ctx.needs_input_grad
        filters = torch.addmm(bias2, active, weight2.t())
        gathered = value.index_select(0, edges.source)
        spread = edges.spread(grad)
        grad_envelope = (spread * filters * gathered).sum(1) if needs_envelope else None
        scaled = spread.mul_(envelope[:, None])
        grad_filters = gathered.mul_(scaled)
        grad_value = torch.zeros_like(value).index_add_(0, edges.source, scaled.mul_(filters)) if needs_value else None
        grad_active = grad_filters @ weight2
        # ssp'(z) = sigmoid(z) = 1 - exp(-ssp(z)) / 2
        grad_hidden = grad_active.mul_(active.neg().exp_().mul_(-0.5).add_(1.0))
        grad_basis = grad_hidden @ weight1 if needs_basis else None
        grad_weights: tuple[Tensor | None, ...] = (None,) * 4
        if any(needs_weights):
            grad_weights = (
                grad_hidden.t() @ basis,
                grad_hidden.sum(0),
                grad_filters.t() @ active,
                grad_filters.sum(0),
            )
        return None, grad_value, grad_basis, grad_envelope, *grad_weights
