"""Shares of neighbours: sums to 1, a case worked by hand, tables and segments alike, no overflow."""

import math

import pytest
import torch

from protea.encoders.graph_convolution_softmax import softmax_with_loop, softmax_without_loop
from protea.geometry.segments import segment_sum
from tests.encoders.small_graphs import GRAPHS, full_table


@pytest.mark.parametrize("graph", GRAPHS)
def test_shares_add_up_to_one(graph: str, dtype: torch.dtype) -> None:
    edges = GRAPHS[graph]()
    score, loop = torch.randn(len(edges.source), dtype=dtype), torch.randn(4, dtype=dtype)
    share, own = softmax_with_loop(score, loop, edges)
    torch.testing.assert_close(segment_sum(share, edges.edge_ptr) + own, torch.ones(4, dtype=dtype))
    total = segment_sum(softmax_without_loop(score, edges), edges.edge_ptr)
    torch.testing.assert_close(total, (edges.edge_ptr.diff() > 0).to(dtype))


@pytest.mark.parametrize("graph", GRAPHS)
def test_worked_case(graph: str) -> None:
    edges = GRAPHS[graph]()
    score = torch.full((len(edges.source),), math.log(2.0), dtype=torch.float64)
    share, own = softmax_with_loop(score, torch.zeros(4, dtype=torch.float64), edges)
    degree = edges.edge_ptr.diff().double()
    torch.testing.assert_close(own, 1.0 / (1.0 + 2.0 * degree))
    torch.testing.assert_close(share, (2.0 / (1.0 + 2.0 * degree))[edges.centre])


def test_a_table_and_its_segments_agree() -> None:
    table = full_table()
    ragged = type(table)(table.edge_ptr, table.source, table.distance, None)
    score, loop = torch.randn(8, dtype=torch.float64), torch.randn(4, dtype=torch.float64)
    for first, second in zip(
        softmax_with_loop(score, loop, table), softmax_with_loop(score, loop, ragged), strict=True
    ):
        torch.testing.assert_close(first, second)
    torch.testing.assert_close(softmax_without_loop(score, table), softmax_without_loop(score, ragged))


@pytest.mark.parametrize("graph", GRAPHS)
def test_large_scores_do_not_overflow_and_gradients_are_right(graph: str) -> None:
    edges = GRAPHS[graph]()
    score = 1e4 * torch.ones(len(edges.source), dtype=torch.float64)
    assert bool(softmax_with_loop(score, -score[:4], edges)[0].isfinite().all())
    inputs = torch.randn(len(edges.source), dtype=torch.float64, requires_grad=True), torch.randn(4).double()
    assert torch.autograd.gradcheck(
        lambda s, p: softmax_with_loop(s, p, edges), (inputs[0], inputs[1].requires_grad_())
    )
    assert torch.autograd.gradcheck(lambda s: softmax_without_loop(s, edges), (inputs[0],))
