"""Triplets of a small graph against a loop, and angles worked by hand."""

import math

import pytest
import torch

from protea.encoders.dimenet_triplets import cosines, edges_within, triplets
from speed.encoders.dimenet_peer import list_triplets
from tests.encoders.small_graphs import GRAPHS, full_table


@pytest.mark.parametrize("graph", GRAPHS)
def test_triplets_equal_a_loop_and_the_list_of_the_peer(graph: str) -> None:
    edges = GRAPHS[graph]()
    paths = triplets(edges)
    pairs = list(zip(edges.source.tolist(), edges.centre.tolist(), strict=True))
    expected = {
        (heard, edge) for edge, (j, i) in enumerate(pairs) for heard, (k, to) in enumerate(pairs) if to == j and k != i
    }
    edge, slot = paths.is_triplet.nonzero(as_tuple=True)
    assert set(zip(paths.partner[edge, slot].tolist(), edge.tolist(), strict=True)) == expected
    _, heard, to_edge = list_triplets(torch.stack([edges.source, edges.centre]), 4)
    assert set(zip(heard.tolist(), to_edge.tolist(), strict=True)) == expected


def test_angles_of_a_right_triangle() -> None:
    edges = GRAPHS["segments"]()
    paths = triplets(edges)
    position = torch.tensor([[0.0, 0, 0], [3.0, 0, 0], [3.0, 4.0, 0], [0.0, 0, 5.0]], dtype=torch.float64)
    # The path 1 -> 2 -> 0: edge 1 is 2 -> 0, and 2 receives edge 3 (0 -> 2) alone, which goes back; 3 hears 1 and 2.
    edge = 2  # 3 -> 0 hears 2 -> 3 (edge 4) and 1 -> 3 (edge 5)
    slot = paths.partner[edge].tolist().index(5)
    at_target = cosines(paths, position, "at_target")[edge, slot]
    along_path = cosines(paths, position, "along_path")[edge, slot]
    # At 0 between 3 (along z) and 1 (along x): a right angle. The step 1 -> 3 against 3 -> 0: -z against (-3, 0, 5).
    assert float(at_target) == pytest.approx(0.0, abs=1e-12)
    assert float(along_path) == pytest.approx(-5.0 / math.sqrt(34.0))


def test_longer_edges_are_left_out() -> None:
    edges = full_table()
    kept = edges_within(edges, 5.0)
    assert kept.source.tolist() == [1, 2, 0, 3]
    assert kept.edge_ptr.tolist() == [0, 2, 4, 4, 4]
    assert edges_within(edges, 100.0) is edges


def test_gradients_are_finite_where_residues_coincide() -> None:
    position = torch.zeros(4, 3, requires_grad=True)
    cosines(triplets(full_table()), position, "at_target").sum().backward()
    assert position.grad is not None
    assert bool(position.grad.isfinite().all())
