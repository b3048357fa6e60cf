"""GearNet against the reference values, with one relation and with seven."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.gearnet import GearNetConfig
from protea.encoders.weights.loading import load_published
from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest, OneRelation, SevenRelations
from tests.encoders.goldens import golden_outputs, golden_relations, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk


@pytest.mark.parametrize(
    ("name", "graph"), [("gear_net", OneRelation(k=16)), ("gear_net_7rel", SevenRelations())], ids=["one", "seven"]
)
def test_equals_the_reference(
    name: str, graph: OneRelation | SevenRelations, shared_goldens: Path, dtype: torch.dtype, tolerance: float
) -> None:
    folder = shared_goldens / "encoders" / name
    encoder = GearNetConfig(graph=graph, hidden_dim=32, num_layers=2, distance_eps=1e-6).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_relations(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "gear_net" / "keys.json").read_text())
    encoder = GearNetConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


def test_an_untyped_graph_is_one_relation() -> None:
    encoder = GearNetConfig(graph=KNearest(k=4), hidden_dim=5, num_layers=2).build(NUM_FEATURES).double().eval()
    chains = [walk(12, seed=1), walk(3, seed=2)]
    with torch.no_grad():
        table = encoder(pack(chains, graph=KNearest(k=4))).residue
        typed = encoder(pack(chains, graph=OneRelation(k=4))).residue
    torch.testing.assert_close(table, typed)


@pytest.mark.parametrize("has_batch_norm", [True, False])
def test_other_habits_equal_their_definition(has_batch_norm: bool) -> None:
    settings = {"activation": "elu", "has_batch_norm": has_batch_norm, "joins_states": False, "has_shortcut": True}
    encoder = GearNetConfig(graph=KNearest(k=3), hidden_dim=5, num_layers=2, **settings).build(NUM_FEATURES)
    shake(encoder.double().eval())
    batch = pack((walk(9, seed=3), walk(1, seed=2), walk(4, seed=1)), graph=KNearest(k=3))
    source, target = batch.graph.edge_index()
    state, ends, one = batch.scalar, torch.stack([source, target]), torch.ones(len(source), 1, dtype=torch.float64)
    away = (batch.position[source] - batch.position[target]).norm(dim=1, keepdim=True)
    edge = torch.cat([state[source], state[target], one, (ends[0] - ends[1]).abs()[:, None].double(), away], 1)
    for number, layer in enumerate(encoder.layers):
        update = torch.zeros_like(state).index_add(0, target, state[source] + layer.edge_linear(edge))
        hidden = layer.linear(update) + layer.self_loop(state)
        hidden = torch.nn.functional.elu(layer.batch_norm(hidden) if has_batch_norm else hidden)
        hidden = hidden + state if hidden.shape == state.shape else hidden
        state = encoder.batch_norms[number](hidden) if has_batch_norm else hidden
    found = encoder(batch)
    torch.testing.assert_close(found.residue, state)
    assert found.residue.shape[1] == encoder.output_dim == 5


def test_another_graph_is_refused() -> None:
    encoder = GearNetConfig(hidden_dim=5).build(NUM_FEATURES).double()
    with pytest.raises(ContractError, match="expected 7 relations; found 1"):
        encoder(pack([walk(12, seed=1)]))
