"""Weights and sums over triplets: a loop over triplets, and finite differences."""

import pytest
import torch

from protea.encoders.dimenet_messages import triplet_sum, triplet_weights
from protea.encoders.dimenet_triplets import Triplets, triplets
from tests.encoders.small_graphs import GRAPHS


def inputs(graph: str) -> tuple[Triplets, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Triplets, radial and angular parts, the map to 2 basis channels, states of 3 channels, and their mixing."""
    paths = triplets(GRAPHS[graph]())
    num_edges, num_slots = paths.partner.shape
    angular = torch.randn(num_edges, num_slots, 4, dtype=torch.float64) * paths.is_triplet[:, :, None]
    shapes = (num_edges, 4, 5), (2, 20), (num_edges, 3), (3, 2)
    radial, weight, state, mixing = (torch.randn(shape, dtype=torch.float64) for shape in shapes)
    return paths, radial, angular, weight, state, mixing


@pytest.mark.parametrize("graph", GRAPHS)
def test_equal_a_loop_over_triplets(graph: str) -> None:
    paths, radial, angular, weight, state, mixing = inputs(graph)
    total = torch.zeros_like(state)
    for edge, slot in paths.is_triplet.nonzero().tolist():
        partner = int(paths.partner[edge, slot])
        share = weight @ (radial[partner] * angular[edge, slot][:, None]).flatten()
        total[edge] += (mixing @ share) * state[partner]
    found = triplet_sum(state, triplet_weights(radial, angular, weight, paths), mixing, paths)
    torch.testing.assert_close(found, total)


@pytest.mark.parametrize("graph", GRAPHS)
def test_gradients_by_finite_differences(graph: str) -> None:
    paths, radial, angular, weight, state, mixing = inputs(graph)
    for value in (radial, angular, weight, state, mixing):
        value.requires_grad_()
    mask = paths.is_triplet[:, :, None]
    assert torch.autograd.gradcheck(lambda r, a, w: triplet_weights(r, a * mask, w, paths), (radial, angular, weight))
    share = torch.randn(*mask.shape[:2], 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, s, m: triplet_sum(x, s * mask, m, paths), (state, share, mixing))
