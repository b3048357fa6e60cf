"""The parts of a perceptron of GCPNet on a block of edges, each with a backward pass of few and long steps.

    g = [lengths of h, what the axes see of u, 1]            so that the last column of W_g is the bias
    s' = s + act(W s + W_g g);  gates = V act(W s + W_g g) + c
    message = sigmoid(w s' + b) s'

Scalars stand as [edge, channel], as the products want them; vectors and gates as in `block_vectors`, edges last.
Nothing here is differentiable twice.
"""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.block_messages import Products
from protea.encoders.block_vectors import lengths
from protea.encoders.gcpnet_perceptron import SOFTENING

__all__ = ["attended", "geometry_rows", "scalars_and_gates"]

_Act = Callable[[Tensor], Tensor]


def geometry_rows(
    hidden: Float[Tensor, "hidden 3 edge"],
    looked_at: Float[Tensor, "looked_at 3 edge"],
    axes: Float[Tensor, "axis 3 edge"],
    *,
    is_mirror_blind: bool,
) -> Float[Tensor, "column edge"]:
    """Return the lengths of `hidden` (as `softened_length`), what each vector shows each axis, and ones.

    Mirror blind, the size alone counts of what the second axis sees.
    """
    seen = _Seen.apply(looked_at, axes)
    if is_mirror_blind:
        seen = torch.stack([seen[:, 0], seen[:, 1].abs(), seen[:, 2]], dim=1)
    length = lengths(hidden, soft=SOFTENING) + SOFTENING
    return torch.cat([length, seen.flatten(0, 1), torch.ones_like(length[:1])])


def scalars_and_gates(
    products: Products,
    acts: tuple[_Act, _Act],
    state: Float[Tensor, "edge channel"],
    given: Float[Tensor, "edge made"] | None,
    geometry: Float[Tensor, "column edge"],
    maps: tuple[Tensor, Tensor],
    gate: tuple[Tensor, Tensor] | None,
) -> tuple[Float[Tensor, "edge made"], Float[Tensor, "vector edge"] | None]:
    """Return s' and the gates before the sigmoid, None without a map to them.

    `acts` are the activations of the scalars and of what the gates read. With `given`, a part of the product that was
    made elsewhere and that may be overwritten, the state is not added.
    """
    weights = (*maps, *(gate or (None, None)))
    made, gates = _Scalars.apply(products, acts, state, given, geometry, *weights)
    return made, gates


def attended(
    scalar: Float[Tensor, "edge channel"], weight: Float[Tensor, "1 channel"], bias: Float[Tensor, " 1"]
) -> Float[Tensor, "edge channel"]:
    """Return sigmoid(w s + b) s."""
    weighed: Tensor = _Attended.apply(scalar, weight, bias)
    return weighed


def _contracted(left: Float[Tensor, "3 row edge"], right: Float[Tensor, "3 column edge"]) -> Tensor:
    """Return the sum over k of left[k, row] right[k, column], [row, column, edge]."""
    total = left[0][:, None] * right[0]
    for k in range(1, len(left)):
        total.addcmul_(left[k][:, None], right[k])
    return total


class _Seen(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, looked_at: Tensor, axes: Tensor) -> Tensor:
        ctx.save_for_backward(looked_at, axes)
        return _contracted(looked_at.transpose(0, 1), axes.transpose(0, 1))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        looked_at, axes = ctx.saved_tensors
        at_axes = _contracted(grad, looked_at) if ctx.needs_input_grad[1] else None
        return _contracted(grad.transpose(0, 1), axes), at_axes


class _Scalars(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, products: Products, acts: tuple[_Act, _Act], state: Tensor, given: Tensor | None, geometry: Tensor,
        of_state: Tensor, of_geometry: Tensor, of_gate: Tensor | None, gate_bias: Tensor | None,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        def make() -> Tensor:
            made = torch.mm(state, of_state.t()) if given is None else given.addmm_(state, of_state.t())
            return made.addmm_(geometry.t(), of_geometry.t())

        with torch.enable_grad():
            made = products.once(make).requires_grad_()
            active = acts[0](made)
            gating = active if acts[0] is acts[1] or of_gate is None else acts[1](made)
        ctx.activated, ctx.is_added = (made, active, gating), given is None
        ctx.save_for_backward(state, geometry, of_state, of_geometry, of_gate)
        result = active.detach() if given is not None else state + active.detach()
        if of_gate is None or gate_bias is None:
            return result, None
        return result, products.once(lambda: torch.addmm(gate_bias[:, None], of_gate, gating.detach().t()))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor, at_gate: Tensor | None) -> tuple[Tensor | None, ...]:
        state, geometry, of_state, of_geometry, of_gate = ctx.saved_tensors
        made, active, gating = ctx.activated
        at_of_gate = at_bias = None
        outputs, found = [active], [grad]
        if of_gate is not None and at_gate is not None:
            at_of_gate, at_bias = at_gate @ gating.detach(), at_gate.sum(1)
            if gating is active:
                found = [torch.addmm(grad, at_gate.t(), of_gate)]
            else:
                outputs, found = [active, gating], [grad, at_gate.t() @ of_gate]
        (at_made,) = torch.autograd.grad(outputs, made, found)
        at_state = torch.addmm(grad, at_made, of_state) if ctx.is_added else at_made @ of_state
        at_maps = at_made.t() @ state, (geometry @ at_made).t()
        given = None if ctx.is_added else at_made
        return None, None, at_state, given, of_geometry.t() @ at_made.t(), *at_maps, at_of_gate, at_bias


class _Attended(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, scalar: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        share = torch.addmm(bias, scalar, weight.t()).sigmoid_()
        ctx.save_for_backward(scalar, weight, share)
        return scalar * share

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:
        scalar, weight, share = ctx.saved_tensors
        product = grad * scalar
        at_logit = torch.ops.aten.sigmoid_backward(product.sum(1, keepdim=True), share)
        at_scalar = torch.mul(grad, share, out=product).addcmul_(at_logit, weight)
        return at_scalar, at_logit.t() @ scalar, at_logit.sum(0)
