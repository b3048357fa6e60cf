"""Lengths with finite gradients at 0, norms that turn with their input, and dropout of whole vectors."""

import torch

from protea.encoders.scalar_vector import PairNorm, channel_length, drop_channels, square_sum, to_columns, to_planes


def test_columns_hold_x_then_y_then_z() -> None:
    vector = torch.arange(12.0).view(3, 2, 2)
    columns = to_columns(vector)
    assert columns.tolist() == [[0, 1, 4, 5, 8, 9], [2, 3, 6, 7, 10, 11]]
    assert torch.equal(to_planes(columns), vector)


def test_lengths_and_their_gradients(dtype: torch.dtype) -> None:
    vector = torch.tensor([[[3.0, 0.0]], [[4.0, 0.0]], [[12.0, 0.0]]], dtype=dtype, requires_grad=True)
    length = channel_length(vector)
    torch.testing.assert_close(length, torch.tensor([[13.0, 1e-4]], dtype=dtype))
    length.sum().backward()
    expected = torch.tensor([[[3 / 13, 0.0]], [[4 / 13, 0.0]], [[12 / 13, 0.0]]], dtype=dtype)
    torch.testing.assert_close(vector.grad, expected)


def test_the_gradient_of_squares_is_that_of_finite_differences() -> None:
    vector = torch.randn(3, 2, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(square_sum, vector)
    torch.testing.assert_close(square_sum(vector), vector.square().sum(0))


def test_norm_makes_the_mean_square_length_one_whatever_the_scale(dtype: torch.dtype) -> None:
    norm = PairNorm(5).to(dtype)
    scalar, vector = torch.randn(4, 5, dtype=dtype), torch.randn(3, 4, 6, dtype=dtype)
    found = norm(scalar, vector)
    torch.testing.assert_close(found[1].square().sum(0).mean(1), torch.ones(4, dtype=dtype))
    torch.testing.assert_close(norm(scalar, 7 * vector)[1], found[1])
    torch.testing.assert_close(found[0].mean(1), torch.zeros(4, dtype=dtype), rtol=0, atol=1e-6)


def test_norm_of_zero_vectors_is_zero_with_a_finite_gradient() -> None:
    vector = torch.zeros(3, 2, 4, requires_grad=True)
    found = PairNorm(5)(torch.randn(2, 5), vector)[1]
    assert not bool(found.any())
    found.sum().backward()
    assert vector.grad is not None
    assert bool(vector.grad.isfinite().all())


def test_dropout_takes_whole_vectors_and_keeps_the_mean() -> None:
    scalar, vector = torch.ones(400, 5), torch.ones(3, 400, 6)
    dropped, thinned = drop_channels(scalar, vector, 0.25, is_training=True)
    assert torch.equal(thinned[0], thinned[1])
    assert torch.equal(thinned[0], thinned[2])
    assert set(thinned.unique().tolist()) == set(dropped.unique().tolist()) == {0.0, float(torch.tensor(1 / 0.75))}
    assert abs(float(thinned.mean()) - 1) < 0.1
    for same in (drop_channels(scalar, vector, 0.25, is_training=False), drop_channels(scalar, vector, 0.0, True)):
        assert torch.equal(same[0], scalar)
        assert torch.equal(same[1], vector)
