"""The perceptron on a case worked by hand, and its symmetry."""

import math

import pytest
import torch

from protea.encoders.gvp_perceptron import VectorPerceptron
from tests.encoders.proteins import shake


def test_a_case_worked_by_hand(dtype: torch.dtype) -> None:
    perceptron = VectorPerceptron((1, 1), (1, 1), is_active=True).to(dtype)
    with torch.no_grad():
        perceptron.wh.weight.fill_(2.0)
        perceptron.ws.weight.copy_(torch.tensor([[1.0, -1.0]]))
        perceptron.ws.bias.fill_(0.5)
        perceptron.wv.weight.fill_(3.0)
        perceptron.wsv.weight.fill_(1.0)
        perceptron.wsv.bias.fill_(0.25)
    vector = torch.tensor([3.0, 0.0, 4.0], dtype=dtype).view(3, 1, 1)
    scalar, turned = perceptron(torch.tensor([[7.0]], dtype=dtype), vector)
    # |h| = 10, s = 7 - 10 + 0.5 = -2.5, which the relu takes away only after the gate has read it.
    assert float(scalar.detach()) == 0.0
    gate = 1 / (1 + math.exp(2.25))
    torch.testing.assert_close(turned, 6.0 * gate * vector)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_vectors_turn_and_mirror_and_scalars_stay(sign: float, dtype: torch.dtype, tolerance: float) -> None:
    perceptron = VectorPerceptron((5, 4), (6, 7), is_active=True)
    shake(perceptron)
    perceptron = perceptron.to(dtype)
    scalar, vector = torch.randn(9, 5, dtype=dtype), torch.randn(3, 9, 4, dtype=dtype)
    turn = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64))[0]
    turn = (turn * sign * torch.sign(torch.linalg.det(turn))).to(dtype)
    before, after = perceptron(scalar, vector), perceptron(scalar, torch.einsum("xy,yic->xic", turn, vector))
    torch.testing.assert_close(after[0], before[0], rtol=tolerance, atol=tolerance)
    expected = torch.einsum("xy,yic->xic", turn, before[1])
    torch.testing.assert_close(after[1], expected, rtol=tolerance, atol=tolerance)


def test_without_vectors_on_either_side() -> None:
    scalar = torch.randn(4, 5)
    from_none = VectorPerceptron((5, 0), (6, 3), is_active=False)
    assert sorted(from_none.state_dict()) == ["dummy_param", "ws.bias", "ws.weight"]
    made, vector = from_none(scalar, torch.zeros(3, 4, 0))
    torch.testing.assert_close(made, from_none.ws(scalar))
    assert vector.shape == (3, 4, 3)
    assert not bool(vector.any())
    to_none = VectorPerceptron((5, 2), (6, 0), is_active=True)
    assert sorted(to_none.state_dict()) == ["dummy_param", "wh.weight", "ws.bias", "ws.weight"]
    made, vector = to_none(scalar, torch.randn(3, 4, 2))
    assert vector.shape == (3, 4, 0)
    assert float(made.detach().min()) >= 0.0
