"""Frames worked by hand, how they turn and mirror, and what residues and edges see in them."""

import pytest
import torch

from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.gcpnet_frames import EdgeFrames, centroids, edge_frames, edges_by_sender
from protea.features.edges.catalogue import KNearest
from tests.encoders.proteins import pack, walk


def one_edge() -> CentredEdges:
    return CentredEdges(torch.tensor([0, 1, 1]), torch.tensor([1]), torch.tensor([1.0]), None)


def test_axes_of_one_edge(dtype: torch.dtype) -> None:
    position = torch.tensor([[2.0, 0.0, 0.0], [0.0, 3.0, 0.0]], dtype=dtype)
    plain = edge_frames(position, one_edge(), is_shortened=False, is_mirror_blind=False).axes[0]
    expected = torch.tensor([[2.0, -3.0, 0.0], [0.0, 0.0, 6.0], [-18.0, -12.0, 0.0]], dtype=dtype)
    torch.testing.assert_close(plain, expected)
    short = edge_frames(position, one_edge(), is_shortened=True, is_mirror_blind=False).axes[0]
    along, across = expected[0] / (13**0.5 + 1), expected[1] / 7
    torch.testing.assert_close(short, torch.stack([along, across, torch.linalg.cross(along, across)]))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_axes_turn_and_the_second_alone_keeps_its_sense_in_a_mirror(sign: float) -> None:
    position = walk(12, seed=1).position
    edges = centred_edges(pack([walk(12, seed=1)], k=4).graph)
    turn = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64))[0]
    turn = turn * sign * torch.sign(torch.linalg.det(turn))
    before, after = (
        edge_frames(x, edges, is_shortened=True, is_mirror_blind=False).axes for x in (position, position @ turn.T)
    )
    polar = torch.tensor([1.0, sign, 1.0]).double()
    torch.testing.assert_close(after, polar[:, None] * before @ turn.T)


def test_edges_by_sender_are_the_same_edges() -> None:
    edges = centred_edges(pack([walk(9, seed=1, hide=(2,)), walk(4, seed=2)], k=3).graph)
    sent, order = edges_by_sender(edges)
    assert torch.equal(sent.centre, edges.source[order])
    assert torch.equal(sent.source, edges.centre[order])
    assert torch.equal(sent.distance, edges.distance[order])
    assert torch.equal(sent.edge_ptr.diff(), torch.bincount(edges.source, minlength=13))
    assert torch.equal(order.sort().values, torch.arange(len(order)))


def test_centroids_are_of_the_resolved_residues_of_each_protein() -> None:
    position = torch.tensor([[1.0, 0, 0], [torch.nan, 0, 0], [3.0, 0, 0], [7.0, 0, 0], [5.0, 5, 5]])
    is_resolved = torch.tensor([True, False, True, True, False])
    found = centroids(position, is_resolved, torch.tensor([0, 3, 4, 5]))
    assert found[:, 0].tolist() == [2.0, 2.0, 2.0, 7.0, 0.0]


@pytest.mark.parametrize("is_mirror_blind", [False, True])
def test_residues_see_the_mean_of_what_their_edges_see(is_mirror_blind: bool) -> None:
    batch = pack([walk(9, seed=1), walk(1, seed=2)], k=3)
    edges, _ = edges_by_sender(centred_edges(batch.graph))
    frames = edge_frames(batch.position, edges, is_shortened=True, is_mirror_blind=is_mirror_blind)
    vector = torch.randn(3, 10, 3, dtype=torch.float64)
    on_edges = frames.seen_from_edges(vector[:, edges.centre])
    found = frames.seen_from_residues(vector)
    for i in range(10):
        mine = on_edges[edges.edge_ptr[i] : edges.edge_ptr[i + 1]]
        torch.testing.assert_close(found[i], mine.mean(0) if len(mine) else torch.zeros(9).double())
    # First vector by three axes, then the next.
    torch.testing.assert_close(on_edges[0, 3], frames.axes[0, 0] @ vector[:, edges.centre[0], 1])
    axial = on_edges.view(-1, 3, 3)[:, :, 1]
    assert bool((axial >= 0).all()) is is_mirror_blind


def test_no_distance_has_no_infinite_gradient() -> None:
    position = torch.zeros(2, 3, requires_grad=True)
    frames: EdgeFrames = edge_frames(position, one_edge(), is_shortened=True, is_mirror_blind=True)
    frames.seen_from_residues(torch.ones(3, 2, 3)).sum().backward()
    assert position.grad is not None
    assert bool(position.grad.isfinite().all())


def test_the_graph_may_be_of_any_width() -> None:
    batch = pack([walk(6, seed=1)], graph=KNearest(k=16))
    sent, _ = edges_by_sender(centred_edges(batch.graph))
    assert sent.edge_ptr.tolist() == list(range(0, 31, 5))
