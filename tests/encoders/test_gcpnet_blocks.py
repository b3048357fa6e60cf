"""The parts of a perceptron against their formulas, written plainly and differentiated by autograd."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from protea.encoders.activations import ACTIVATIONS, Activation
from protea.encoders.block_messages import Products
from protea.encoders.gcpnet_blocks import attended, geometry_rows, scalars_and_gates

EDGES, GIVEN, MADE, COLUMNS, VECTORS = 7, 5, 5, 4, 3


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def same_gradients(ours: Callable[..., tuple[Tensor, ...]], plain: Callable[..., tuple[Tensor, ...]], *leaves: Tensor):
    mine, other = ours(*leaves), plain(*leaves)
    directions = [torch.randn_like(value) for value in other]
    grads = [torch.autograd.grad(side, leaves, directions) for side in (mine, other)]
    for one, two in zip((*mine, *grads[0]), (*other, *grads[1]), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("is_mirror_blind", [False, True])
def test_geometry_is_lengths_what_the_axes_see_and_ones(is_mirror_blind: bool) -> None:
    def plain(hidden: Tensor, looked_at: Tensor, axes: Tensor) -> tuple[Tensor]:
        seen = torch.einsum("vxe,axe->vae", looked_at, axes)
        if is_mirror_blind:
            seen = torch.stack([seen[:, 0], seen[:, 1].abs(), seen[:, 2]], dim=1)
        length = (hidden.square().sum(1) + 1e-8).sqrt() + 1e-8
        return (torch.cat([length, seen.flatten(0, 1), torch.ones_like(length[:1])]),)

    same_gradients(
        lambda *x: (geometry_rows(*x, is_mirror_blind=is_mirror_blind),),
        plain,
        drawn(4, 3, EDGES), drawn(3, 3, EDGES), drawn(3, 3, EDGES),
    )  # fmt: skip


@pytest.mark.parametrize("names", [("silu", "silu"), ("relu", "tanh"), ("none", "none")])
@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("has_gate", [False, True])
def test_scalars_and_gates(names: tuple[Activation, Activation], is_first: bool, has_gate: bool) -> None:
    acts = ACTIVATIONS[names[0]], ACTIVATIONS[names[1]]
    given = drawn(EDGES, MADE)
    leaves = [drawn(EDGES, GIVEN), drawn(COLUMNS, EDGES), drawn(MADE, GIVEN), drawn(MADE, COLUMNS)]
    leaves += [drawn(VECTORS, MADE), drawn(VECTORS)] if has_gate else []
    leaves += [given] if is_first else []
    kept: list[Tensor] = []

    def plain(state: Tensor, geometry: Tensor, of_state: Tensor, of_geometry: Tensor, *more: Tensor) -> tuple:
        before = state @ of_state.t() + geometry.t() @ of_geometry.t() + (more[-1] if is_first else 0.0)
        made = acts[0](before) + (0.0 if is_first else state)
        return (made, (acts[1](before) @ more[0].t() + more[1]).t()) if has_gate else (made,)

    def ours(state: Tensor, geometry: Tensor, of_state: Tensor, of_geometry: Tensor, *more: Tensor) -> tuple:
        gate, added = (more[0], more[1]) if has_gate else None, more[-1] if is_first else None
        with torch.no_grad():
            first, copy = Products(), None if added is None else added.clone()
            scalars_and_gates(first, acts, state, copy, geometry, (of_state, of_geometry), gate)
            kept.extend(first.kept)
        # The second time the part that was given has its shape, but no values.
        empty = None if added is None else added + float("nan")
        made = scalars_and_gates(
            Products(iter(first.kept)), acts, state, empty, geometry, (of_state, of_geometry), gate
        )
        return tuple(value for value in made if value is not None)

    same_gradients(ours, plain, *leaves)
    assert len(kept) == 1 + has_gate


def test_attention_weighs_each_edge() -> None:
    same_gradients(
        lambda scalar, weight, bias: (attended(scalar, weight, bias),),
        lambda scalar, weight, bias: (scalar * torch.sigmoid(scalar @ weight.t() + bias),),
        drawn(EDGES, MADE), drawn(1, MADE), drawn(1),
    )  # fmt: skip
