"""Statistics over edges against the edges themselves; the running statistics against BatchNorm1d."""

import pytest
import torch
from torch import nn

from protea.encoders.centred_edges import centred_edges
from protea.encoders.edge_norm import BlockMoments, PairTerms, edge_affine
from tests.encoders.proteins import pack, walk


def test_sums_of_pairs_equal_the_pairs() -> None:
    edges = centred_edges(pack([walk(20, seed=1, hide=(3,)), walk(3, seed=2)], k=5).graph)
    centre, source = torch.randn(23, 4, dtype=torch.float64) + 50, torch.randn(23, 4, dtype=torch.float64) - 30
    weight = torch.randn(4, dtype=torch.float64)
    z = centre[edges.centre] + source[edges.source] + edges.distance[:, None] * weight
    terms = PairTerms(centre, source, weight, edges.distance, edges)
    mean, variance = terms.moments()
    torch.testing.assert_close(mean, z.mean(0))
    torch.testing.assert_close(variance, z.var(0, correction=0))
    torch.testing.assert_close(terms.total_by_centre(), edges.total(z))
    torch.testing.assert_close(terms.total_by_source(), edges.total_by_source(z))
    torch.testing.assert_close(terms.distance_total(), edges.distance @ z)


@pytest.mark.parametrize("half", [False, True])
def test_moments_of_blocks_equal_those_of_the_whole(half: bool) -> None:
    rows = torch.randn(100, 3) * torch.tensor([1.0, 5.0, 0.1]) + torch.tensor([0.0, 2.0, 1.0])
    rows = rows.bfloat16() if half else rows
    moments = BlockMoments(3, rows)
    for block in rows.split([1, 0, 50, 49]):
        moments.add(block)
    tolerance = 0.02 if half else 1e-5
    torch.testing.assert_close(moments.mean, rows.float().mean(0), rtol=tolerance, atol=tolerance)
    torch.testing.assert_close(moments.variance, rows.float().var(0, correction=0), rtol=tolerance, atol=1e-5)


def test_affine_and_running_statistics_equal_batch_norm(dtype: torch.dtype, tolerance: float) -> None:
    rows = torch.randn(30, 5, dtype=dtype) * 2 + 1
    ours, theirs = nn.BatchNorm1d(5).to(dtype), nn.BatchNorm1d(5).to(dtype)
    for _ in range(2):
        affine = edge_affine(ours, rows.mean(0), rows.var(0, correction=0), len(rows))
        torch.testing.assert_close(rows * affine.scale + affine.shift, theirs(rows), rtol=tolerance, atol=tolerance)
    for mine, other in zip(ours.buffers(), theirs.buffers(), strict=True):
        torch.testing.assert_close(mine, other)
    ours.eval(), theirs.eval()
    affine = edge_affine(ours, rows.mean(0), rows.var(0), len(rows))
    assert affine.count == 0
    torch.testing.assert_close(rows * affine.scale + affine.shift, theirs(rows), rtol=tolerance, atol=tolerance)
