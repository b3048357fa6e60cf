"""Unit vectors along edges: a right triangle, symmetry, and a self loop."""

import torch

from protea.features.edge_features.direction import DIRECTION
from tests.features.edge_features.inputs import assert_symmetry_as_declared, featurise, triangle
from tests.features.proteins import random_proteins


def test_it_points_from_the_target_to_the_source() -> None:
    direction = DIRECTION.compute(triangle(), torch.tensor([[1, 0, 2], [0, 2, 2]]))
    expected = torch.tensor([[[0.6, 0.8, 0]], [[0, -1, 0]], [[0, 0, 0]]], dtype=torch.float64)
    torch.testing.assert_close(direction, expected, atol=1e-12, rtol=0)


def test_symmetry_is_as_declared(dtype: torch.dtype, tolerance: float) -> None:
    assert_symmetry_as_declared(DIRECTION, dtype, tolerance)


def test_the_gradient_of_a_self_loop_is_finite() -> None:
    inputs = featurise(random_proteins(4))
    position = inputs.position.clone().requires_grad_()
    DIRECTION.compute(inputs.replace(position=position), torch.tensor([[0, 1], [0, 0]])).sum().backward()
    assert bool(position.grad.isfinite().all())
