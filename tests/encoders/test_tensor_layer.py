"""A layer with and without its parts: mean and sum, gate, normalisation, dropout."""

from dataclasses import replace

import pytest
import torch

from protea.encoders.centred_edges import centred_edges
from protea.encoders.edge_directions import edge_harmonics, edge_vectors
from protea.encoders.irreps import parse_irreps
from protea.encoders.symmetric_edges import symmetric_edges
from protea.encoders.tensor_layer import LayerSettings, TensorLayer, resized
from tests.encoders.proteins import pack, walk

BATCH = pack((walk(12, seed=1), walk(1, seed=2)), k=4)
EDGES = symmetric_edges(centred_edges(BATCH.graph))
LENGTH, DIRECTION = edge_vectors(BATCH.position[EDGES.order], EDGES)
HARMONICS = edge_harmonics(DIRECTION, 2, EDGES)
STATE = torch.randn(13, 3).double()
PLAIN = LayerSettings(
    num_basis=1, scalar_dim=3, max_degree=2, mlp_dim=5, dropout=0.0, aggregation="sum", has_batch_norm=False,
    has_gate=False, is_rounded=False,
)  # fmt: skip
SCALARS, HIDDEN = parse_irreps("3x0e"), parse_irreps("3x0e + 2x1o + 1x2e")


def run(settings: LayerSettings, *, is_training: bool = False) -> torch.Tensor:
    torch.manual_seed(0)
    layer = TensorLayer(SCALARS, HIDDEN, settings).double().train(is_training)
    return layer(STATE, LENGTH[:, None], HARMONICS, EDGES)


def test_the_mean_is_the_sum_over_the_number_of_neighbours() -> None:
    total, mean = run(PLAIN), run(replace(PLAIN, aggregation="mean"))
    degree = EDGES.degree.clamp(min=1)[:, None]
    assert torch.allclose(mean * degree, total)
    assert not total[EDGES.degree == 0].any()


def test_the_hidden_layer_sees_distance_receiver_and_sender_in_this_order() -> None:
    torch.manual_seed(0)
    layer = TensorLayer(SCALARS, HIDDEN, PLAIN).double()
    inputs = torch.cat([LENGTH[:, None], STATE[EDGES.centre], STATE[EDGES.source]], dim=1)
    assert torch.allclose(layer._hidden(STATE, LENGTH[:, None], EDGES), torch.relu(layer.fc[0](inputs)))


def test_normalisation_and_gate_change_the_update_and_keep_its_shape() -> None:
    plain = run(PLAIN)
    for settings in (replace(PLAIN, has_batch_norm=True), replace(PLAIN, has_gate=True)):
        found = run(settings, is_training=True)
        assert found.shape == plain.shape
        assert not torch.allclose(found, plain)


@pytest.mark.parametrize("is_training", [True, False])
def test_dropout_acts_in_training_only(is_training: bool) -> None:
    torch.manual_seed(0)
    layer = TensorLayer(SCALARS, HIDDEN, replace(PLAIN, dropout=0.5)).double().train(is_training)
    first, second = (layer(STATE, LENGTH[:, None], HARMONICS, EDGES) for _ in range(2))
    assert torch.equal(first, second) is not is_training


def test_resized() -> None:
    value = torch.ones(2, 3)
    assert torch.equal(resized(value, 2), value[:, :2])
    assert torch.equal(resized(value, 5), torch.tensor([[1.0, 1, 1, 0, 0]]).expand(2, 5))
