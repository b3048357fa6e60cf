"""GearNet-Edge against the reference values, with one relation and with seven."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.weights.loading import load_published
from protea.features.edges.catalogue import OneRelation, SevenRelations
from tests.encoders.goldens import golden_outputs, golden_relations, golden_weights, scaled_difference


@pytest.mark.parametrize(
    ("name", "graph"),
    [("gear_net_edge", OneRelation(k=16)), ("gear_net_edge_7rel", SevenRelations())],
    ids=["one", "seven"],
)
def test_equals_the_reference(
    name: str, graph: OneRelation | SevenRelations, shared_goldens: Path, dtype: torch.dtype, tolerance: float
) -> None:
    folder = shared_goldens / "encoders" / name
    encoder = GearNetEdgeConfig(graph=graph, hidden_dim=32, num_layers=2, distance_eps=1e-6).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_relations(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "gear_net_edge" / "keys.json").read_text())
    encoder = GearNetEdgeConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]
