"""Vectors on a block of edges: their layout, and gradients against finite differences."""

import torch

from protea.encoders.block_vectors import coordinate_dot, edges_last, from_rows, gated, lengths, mapped, to_rows


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def test_rows_hold_x_y_z_of_the_first_channel_then_of_the_next() -> None:
    vector = torch.arange(12.0).view(3, 2, 2)
    rows = to_rows(vector)
    assert rows.tolist() == [[0, 4, 8, 1, 5, 9], [2, 6, 10, 3, 7, 11]]
    assert torch.equal(from_rows(rows), vector)
    assert torch.equal(edges_last(rows), vector.permute(2, 0, 1))


def test_a_map_over_channels_is_the_same_for_every_coordinate() -> None:
    vector, weight = drawn(4, 3, 5), drawn(2, 4)
    torch.testing.assert_close(mapped(vector, weight), torch.einsum("oc,cxe->oxe", weight, vector))


def test_lengths_and_their_gradients() -> None:
    vector = drawn(2, 3, 4)
    torch.testing.assert_close(lengths(vector, soft=0.5), (vector.square().sum(1) + 0.5).sqrt())
    assert torch.autograd.gradcheck(lambda value: lengths(value, soft=0.5), vector)
    nothing = torch.zeros(1, 3, 1, requires_grad=True)
    length = lengths(nothing, soft=1e-8)
    torch.testing.assert_close(length, torch.tensor([[1e-4]]))
    length.sum().backward()
    assert nothing.grad is not None
    assert not bool(nothing.grad.any())


def test_gates_and_their_gradients() -> None:
    base, vector, gate = drawn(2, 3, 4), drawn(2, 3, 4), drawn(4, 2)
    torch.testing.assert_close(gated(base, vector, gate.t()), base + vector * torch.sigmoid(gate.t())[:, None])
    assert torch.autograd.gradcheck(lambda *x: gated(x[0], x[1], x[2].t()), (base, vector, gate))
    assert torch.autograd.gradcheck(lambda *x: gated(None, x[0], x[1].t()), (vector, gate))


def test_dots_run_over_coordinates() -> None:
    left, right = drawn(2, 3, 4).detach(), drawn(2, 3, 4).detach()
    torch.testing.assert_close(coordinate_dot(left, right), (left * right).sum(1))
