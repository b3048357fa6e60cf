"""Lengths and directions, and their gradients at zero."""

import torch

from protea.geometry.vectors import unit_vector, vector_length


def test_values_and_gradients(dtype):
    vector = torch.tensor([[3.0, 4, 0], [0, 0, 0]], dtype=dtype, requires_grad=True)
    assert vector_length(vector).tolist() == [5.0, 0.0]
    expected = torch.tensor([[0.6, 0.8, 0], [0, 0, 0]], dtype=dtype)
    torch.testing.assert_close(unit_vector(vector), expected)
    torch.testing.assert_close(torch.autograd.grad(vector_length(vector).sum(), vector)[0], expected)
    (gradient,) = torch.autograd.grad(unit_vector(vector).sum(), vector)
    # d/dv of v / |v| summed is (1 - u (u . 1)) / |v|.
    torch.testing.assert_close(gradient[0], (1 - expected[0] * expected[0].sum()) / 5)
    assert (gradient[1] == 0).all()


def test_gradcheck():
    vector = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(vector_length, (vector,))
    assert torch.autograd.gradcheck(unit_vector, (vector,))
