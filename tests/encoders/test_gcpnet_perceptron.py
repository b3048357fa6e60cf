"""The perceptron on a case worked by hand, its symmetry, and each of its habits."""

import math

import pytest
import torch
from torch import Tensor

from protea.encoders.gcpnet_perceptron import CompletePerceptron, PerceptronHabits, softened_length
from tests.encoders.proteins import shake

USUAL = PerceptronHabits("silu", "silu", has_vector_gate=True, has_idle_norm=False)


def nothing_seen(vector: Tensor) -> Tensor:
    return vector.new_zeros(vector.shape[1], 9)


def test_a_case_worked_by_hand(dtype: torch.dtype) -> None:
    perceptron = CompletePerceptron((1, 1), (1, 1), USUAL).to(dtype)
    with torch.no_grad():
        perceptron.vector_down.weight.fill_(2.0)
        perceptron.vector_down_frames.weight.copy_(torch.tensor([[1.0], [2.0], [3.0]]))
        perceptron.scalar_map.weight.copy_(torch.tensor([[1.0, -1.0, *[0.0] * 8, 0.5]]))
        perceptron.scalar_map.bias.fill_(0.25)
        perceptron.vector_up.weight.fill_(3.0)
        perceptron.vector_out_scale.weight.fill_(2.0)
        perceptron.vector_out_scale.bias.fill_(-1.0)
    vector = torch.tensor([3.0, 0.0, 4.0], dtype=dtype).view(3, 1, 1)
    # The last axis along z sees 3 v: the ninth column is 12.
    scalar, turned = perceptron(torch.tensor([[7.0]], dtype=dtype), vector, lambda v: v.permute(1, 2, 0).flatten(1))
    made = 7 - 10 + 6 + 0.25
    silu = made / (1 + math.exp(-made))
    torch.testing.assert_close(scalar, torch.tensor([[silu]], dtype=dtype))
    torch.testing.assert_close(turned, 6.0 / (1 + math.exp(1 - 2 * silu)) * vector)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("has_gate", [True, False])
def test_vectors_turn_and_scalars_stay(sign: float, has_gate: bool) -> None:
    perceptron = CompletePerceptron((5, 4), (6, 7), PerceptronHabits("relu", "tanh", has_gate, False), bottleneck=2)
    shake(perceptron)
    perceptron = perceptron.double()
    scalar, vector = torch.randn(9, 5).double(), torch.randn(3, 9, 4).double()
    turn = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64))[0]
    turn = turn * sign * torch.sign(torch.linalg.det(turn))
    before = perceptron(scalar, vector, nothing_seen)
    after = perceptron(scalar, torch.einsum("xy,yic->xic", turn, vector), nothing_seen)
    torch.testing.assert_close(after[0], before[0])
    torch.testing.assert_close(after[1], torch.einsum("xy,yic->xic", turn, before[1]))


def test_without_a_gate_the_own_length_counts_and_none_leaves_vectors_alone() -> None:
    scalar, vector = torch.randn(4, 5), torch.randn(3, 4, 2)
    active = CompletePerceptron((5, 2), (6, 3), PerceptronHabits("silu", "tanh", False, False))
    idle = CompletePerceptron((5, 2), (6, 3), PerceptronHabits("silu", "none", False, False))
    idle.load_state_dict(active.state_dict())
    assert not hasattr(active, "vector_out_scale")
    plain = idle(scalar, vector, nothing_seen)[1]
    torch.testing.assert_close(plain, idle.vector_up(idle.vector_down(vector)))
    expected = plain * torch.tanh(softened_length(plain))
    torch.testing.assert_close(active(scalar, vector, nothing_seen)[1], expected)


def test_sizes_follow_bottleneck_and_depth() -> None:
    deep = CompletePerceptron((5, 8), (6, 3), USUAL, bottleneck=4, is_deep=True)
    shapes = {name: tuple(value.shape) for name, value in deep.state_dict().items() if name.endswith("weight")}
    assert shapes == {
        "vector_down.weight": (2, 8), "scalar_out.0.weight": (6, 16), "scalar_out.2.weight": (6, 6),
        "vector_down_frames.weight": (3, 8), "vector_up.weight": (3, 2), "vector_out_scale.weight": (3, 6),
    }  # fmt: skip
    assert CompletePerceptron((5, 2), (6, 7), USUAL).vector_down.weight.shape == (7, 2)
    scalars_only = CompletePerceptron((5, 2), (6, 0), PerceptronHabits("silu", "silu", True, True))
    assert not hasattr(scalars_only, "vector_up")
    assert {"norm.weight", "norm.bias"} < set(scalars_only.state_dict())
    assert scalars_only(torch.randn(4, 5), torch.randn(3, 4, 2), nothing_seen)[1].shape == (3, 4, 0)


def test_softened_length_of_nothing_has_no_gradient() -> None:
    vector = torch.zeros(3, 1, 1, requires_grad=True)
    length = softened_length(vector)
    assert float(length.detach()) == pytest.approx(1e-4, rel=1e-3)
    length.sum().backward()
    assert vector.grad is not None
    assert not bool(vector.grad.any())
