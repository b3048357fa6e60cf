"""The messages against the three perceptrons run on every edge, one after the other."""

import pytest
import torch
from torch import nn
from torch.nn.functional import linear

from protea.encoders.centred_edges import centred_edges
from protea.encoders.gvp_messages import EdgeInputs, mean_messages
from protea.encoders.gvp_perceptron import VectorPerceptron
from tests.encoders.proteins import pack, shake, walk

NUM_SCALARS, NUM_VECTORS, EDGE_SCALARS, EDGE_VECTORS, COLUMNS = 6, 3, 5, 2, 4


def perceptrons() -> nn.Sequential:
    given = (2 * NUM_SCALARS + EDGE_SCALARS, 2 * NUM_VECTORS + EDGE_VECTORS)
    state = (NUM_SCALARS, NUM_VECTORS)
    layers = nn.Sequential(
        VectorPerceptron(given, state, is_active=True),
        VectorPerceptron(state, state, is_active=True),
        VectorPerceptron(state, state, is_active=False),
    )
    shake(layers)
    return layers.double()


def edge_inputs(num_edges: int) -> EdgeInputs:
    shapes = ((num_edges, COLUMNS), (EDGE_SCALARS, COLUMNS), (EDGE_SCALARS,), (3, num_edges, EDGE_VECTORS))
    return EdgeInputs(*(torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes))


@pytest.mark.parametrize("k", [3, 16])
def test_values_and_gradients_equal_those_of_the_perceptrons(k: int) -> None:
    batch = pack([walk(9, seed=1, hide=(2,)), walk(1, seed=2), walk(6, seed=3)], k=k)
    edges = centred_edges(batch.graph)
    layers, inputs = perceptrons(), edge_inputs(len(edges.source))
    scalar = torch.randn(16, NUM_SCALARS, dtype=torch.float64, requires_grad=True)
    vector = torch.randn(3, 16, NUM_VECTORS, dtype=torch.float64, requires_grad=True)
    ours = mean_messages(scalar, vector, inputs, layers, edges)

    i, j = edges.centre, edges.source
    pair = (
        torch.cat([scalar[j], linear(inputs.columns, inputs.weight, inputs.bias), scalar[i]], dim=1),
        torch.cat([vector[:, j], inputs.vector, vector[:, i]], dim=2),
    )
    for layer in layers:
        pair = layer(*pair)
    degree = edges.edge_ptr.diff().clamp(min=1)[:, None]
    theirs = (
        torch.zeros_like(scalar).index_add(0, i, pair[0]) / degree,
        torch.zeros_like(vector).index_add(1, i, pair[1]) / degree,
    )
    directions = [torch.randn_like(value) for value in theirs]
    leaves = [scalar, vector, inputs.columns, inputs.weight, inputs.bias, inputs.vector, *layers.parameters()]
    grads = [torch.autograd.grad(side, leaves, directions) for side in (ours, theirs)]
    for mine, other in zip((*ours, *grads[0]), (*theirs, *grads[1]), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


def test_a_residue_without_neighbours_receives_nothing() -> None:
    batch = pack([walk(5, seed=1, hide=(2,)), walk(1, seed=2)])
    edges = centred_edges(batch.graph)
    scalar = torch.randn(6, NUM_SCALARS, dtype=torch.float64)
    vector = torch.randn(3, 6, NUM_VECTORS, dtype=torch.float64)
    made, moved = mean_messages(scalar, vector, edge_inputs(len(edges.source)), perceptrons(), edges)
    for alone in (2, 5):
        assert not bool(made[alone].any())
        assert not bool(moved[:, alone].any())
    assert bool(made[0].any())
