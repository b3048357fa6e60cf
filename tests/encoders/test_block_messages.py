"""Sums of messages against autograd over all edges at once; products are made once and never again."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from protea.encoders import block_messages as block_messages_module
from protea.encoders import centred_edges as centred_edges_module
from protea.encoders.block_messages import Products, message_sum
from protea.encoders.centred_edges import centred_edges
from protea.features.edges.catalogue import KNearest, Radius
from tests.encoders.proteins import pack, walk

GRAPHS = [KNearest(k=4), Radius(radius=7.0)]


def message(
    pairs: Sequence[Tensor], values: Sequence[Tensor], weights: Sequence[Tensor], products: Products
) -> tuple[Tensor, Tensor]:
    """Two products, one on the first pair, and two messages."""
    first, bias, second = weights
    hidden = torch.tanh(products(pairs[0], values[0], first, pairs[1], second))
    made = products(bias, hidden, first.T @ first)
    return hidden * pairs[1][:, :1], torch.sin(made)


def drawn(num_residues: int, num_edges: int) -> list[Tensor]:
    shapes = [(num_residues, 3)] * 2 + [(num_residues, 5)] * 2 + [(num_edges, 3), (3, 3), (3,), (3, 5)]
    return [torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes]


@pytest.mark.parametrize("graph", GRAPHS, ids=["full table", "segments"])
@pytest.mark.parametrize("block", [1 << 20, 90])
def test_values_and_gradients(graph: KNearest | Radius, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centred_edges_module, "_BLOCK_VALUES", {"cpu": block})
    edges = centred_edges(pack([walk(12, seed=1), walk(9, seed=2)], graph=graph).graph)
    tensors = drawn(21, len(edges.source))
    centre, source, centre2, source2, value, *weights = tensors
    ours = message_sum(message, [(centre, source), (centre2, source2)], [value], weights, edges)
    pairs = [centre[edges.centre] + source[edges.source], centre2[edges.centre] + source2[edges.source]]
    made = torch.cat(message(pairs, [value], weights, Products()), dim=1)
    theirs = ours.new_zeros(21, 6).index_add(0, edges.centre, made)
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)
    direction = torch.randn_like(theirs)
    for mine, other in zip(*(torch.autograd.grad(side, tensors, direction) for side in (ours, theirs)), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


def test_products_are_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    known = block_messages_module._KnownProduct.apply
    monkeypatch.setattr(block_messages_module._KnownProduct, "apply", lambda *x: calls.append(1) or known(*x))
    edges = centred_edges(pack([walk(12, seed=1)], k=4).graph)
    centre, source, centre2, source2, value, *weights = drawn(12, len(edges.source))
    total = message_sum(message, [(centre, source), (centre2, source2)], [value], weights, edges)
    assert not calls
    total.sum().backward()
    assert len(calls) == 2


def test_what_is_made_once_is_kept_and_found_again() -> None:
    first, calls = Products(), list[int]()
    value = torch.ones(2, requires_grad=True)
    made = first.once(lambda: calls.append(1) or value * 2)
    again = Products(iter(first.kept)).once(lambda: calls.append(1) or value)
    assert calls == [1]
    assert torch.equal(made, again)
    assert not made.requires_grad
    assert not again.requires_grad


def test_values_without_gradients_are_passed_over() -> None:
    edges = centred_edges(pack([walk(12, seed=1)], k=4).graph)
    centre, source, centre2, source2, value, *weights = drawn(12, len(edges.source))
    value = value.detach()
    message_sum(message, [(centre, source), (centre2, source2)], [value], weights, edges).sum().backward()
    assert value.grad is None
    assert all(tensor.grad is not None for tensor in (centre, source, centre2, source2, *weights))


def test_blocks_of_half_precision_are_eight_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centred_edges_module, "_BLOCK_VALUES", {"cpu": 128})
    edges = centred_edges(pack([walk(64, seed=1)], k=4).graph)
    tensors, lengths, totals = drawn(64, len(edges.source)), {}, {}
    for dtype in (torch.float32, torch.bfloat16):
        centre, source, centre2, source2, value, *weights = [tensor.detach().to(dtype) for tensor in tensors]
        seen = lengths.setdefault(dtype, [])

        def watched(pairs: Sequence[Tensor], *rest: object, seen: list[int] = seen) -> tuple[Tensor, Tensor]:
            seen.append(len(pairs[1]))
            return message(pairs, *rest)

        totals[dtype] = message_sum(watched, [(centre, source), (centre2, source2)], [value], weights, edges)
    assert max(lengths[torch.bfloat16]) == 8 * max(lengths[torch.float32])
    assert len(lengths[torch.bfloat16]) > 1
    torch.testing.assert_close(totals[torch.bfloat16].float(), totals[torch.float32], rtol=0.05, atol=0.1)


def test_half_precision_gradients_of_weights_are_summed_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centred_edges_module, "_BLOCK_VALUES", {"cpu": 16})
    edges = centred_edges(pack([walk(300, seed=1)], k=16).graph)
    weight = torch.zeros(1, 1, requires_grad=True)
    flat, ones = torch.zeros(300, 1, dtype=torch.bfloat16), torch.ones(len(edges.source), 1)

    def scaled(
        pairs: Sequence[Tensor], values: Sequence[Tensor], weights: Sequence[Tensor], products: Products
    ) -> list[Tensor]:
        return [products(pairs[0], values[0], weights[0])]

    message_sum(scaled, [(flat, flat)], [ones], [weight], edges).sum().backward()
    assert weight.grad is not None
    # A running sum of sixteens in bfloat16 would stop at 4096.
    assert float(weight.grad) == 4800.0
