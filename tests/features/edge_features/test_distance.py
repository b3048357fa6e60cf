"""Lengths of edges: a right triangle, symmetry, and the gradient of a self loop."""

import torch

from protea.features.edge_features.distance import DISTANCE
from tests.features.edge_features.inputs import assert_symmetry_as_declared, featurise, triangle
from tests.features.proteins import random_proteins


def test_a_right_triangle() -> None:
    assert DISTANCE.compute(triangle(), torch.tensor([[1, 0, 2], [0, 2, 2]]))[:, 0].tolist() == [5.0, 4.0, 0.0]


def test_symmetry_is_as_declared(dtype: torch.dtype, tolerance: float) -> None:
    assert_symmetry_as_declared(DISTANCE, dtype, tolerance)


def test_the_distances_are_those_of_the_graph() -> None:
    graph = featurise(random_proteins(9, 4)).graph
    distance = DISTANCE.compute(featurise(random_proteins(9, 4)), graph.edge_index())
    torch.testing.assert_close(distance[:, 0], graph.distance[graph.is_edge], atol=1e-12, rtol=0)


def test_the_gradient_of_a_self_loop_is_zero() -> None:
    inputs = featurise(random_proteins(4))
    position = inputs.position.clone().requires_grad_()
    DISTANCE.compute(inputs.replace(position=position), torch.tensor([[0], [0]])).sum().backward()
    assert torch.equal(position.grad, torch.zeros_like(position))
