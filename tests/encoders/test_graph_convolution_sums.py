"""Weighted sums and products along edges: a loop over the edges, each other's transpose, finite differences."""

import pytest
import torch

from protea.encoders.graph_convolution_sums import edge_dot, weighted_sum
from tests.encoders.small_graphs import GRAPHS


@pytest.mark.parametrize("graph", GRAPHS)
def test_equal_a_loop(graph: str, dtype: torch.dtype) -> None:
    edges = GRAPHS[graph]()
    value, other = torch.randn(2, 4, 3, dtype=dtype)
    weight = torch.randn(len(edges.source), dtype=dtype)
    total, dots = torch.zeros(4, 3, dtype=dtype), torch.zeros_like(weight)
    for edge, (centre, source) in enumerate(zip(edges.centre.tolist(), edges.source.tolist(), strict=True)):
        total[centre] += weight[edge] * value[source]
        dots[edge] = (other[centre] * value[source]).sum()
    torch.testing.assert_close(weighted_sum(value, weight, edges), total)
    torch.testing.assert_close(edge_dot(other, value, edges), dots)


@pytest.mark.parametrize("graph", GRAPHS)
def test_gradients_by_finite_differences(graph: str) -> None:
    edges = GRAPHS[graph]()
    value, other = torch.randn(2, 4, 3, dtype=torch.float64).requires_grad_().unbind(0)
    weight = torch.randn(len(edges.source), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v, w: weighted_sum(v, w, edges), (value, weight))
    assert torch.autograd.gradcheck(lambda a, b: edge_dot(a, b, edges), (value, other))


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_sum_is_the_adjoint_of_the_product(graph: str) -> None:
    edges = GRAPHS[graph]()
    value, other = torch.randn(2, 4, 3, dtype=torch.float64)
    weight = torch.randn(len(edges.source), dtype=torch.float64)
    left = (weighted_sum(value, weight, edges) * other).sum()
    right = (weight * edge_dot(other, value, edges)).sum()
    torch.testing.assert_close(left, right)
