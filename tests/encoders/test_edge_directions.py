"""Lengths and harmonics by hand, their parity, and finite gradients where two residues share a place."""

import math

import torch

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.edge_directions import edge_harmonics, edge_vectors
from protea.encoders.symmetric_edges import SymmetricEdges, symmetric_edges


def pair() -> SymmetricEdges:
    """Two residues that are neighbours."""
    return symmetric_edges(CentredEdges(torch.tensor([0, 1, 2]), torch.tensor([1, 0]), torch.zeros(2), None))


def test_a_vector_along_x() -> None:
    edges = pair()
    length, direction = edge_vectors(torch.tensor([[2.0, 0, 0], [0, 0, 0]]).double(), edges)
    harmonics = edge_harmonics(direction, 1, edges)
    here, there = edges.is_edge.nonzero().flatten().tolist()
    assert length[[here, there]].tolist() == [2.0, 2.0]
    assert torch.allclose(harmonics[here], torch.tensor([1, math.sqrt(3), 0, 0]).double())
    assert torch.allclose(harmonics[there], torch.tensor([1, -math.sqrt(3), 0, 0]).double())
    assert not harmonics[~edges.is_edge].any()


def test_mean_square_of_a_component_is_one_and_odd_degrees_change_sign(dtype: torch.dtype) -> None:
    edges = pair()
    position = torch.tensor([[0.3, -1.2, 0.4], [0.0, 0.1, 2.0]], dtype=dtype)
    _, direction = edge_vectors(position, edges)
    found = edge_harmonics(direction, 3, edges)[edges.is_edge]
    assert torch.allclose(found.square().sum(1), torch.full((2,), 16.0, dtype=dtype))
    sign = torch.tensor([(-1.0) ** degree for degree in range(4) for _ in range(2 * degree + 1)], dtype=dtype)
    assert torch.allclose(found[0], sign * found[1])


def test_residues_at_one_place_have_no_direction_and_no_gradient() -> None:
    edges = pair()
    position = torch.ones(2, 3).double().requires_grad_()
    length, direction = edge_vectors(position, edges)
    assert not length.any()
    assert not direction.any()
    (length.sum() + edge_harmonics(direction, 2, edges).square().sum()).backward()
    assert position.grad is not None
    assert bool(position.grad.isfinite().all())
