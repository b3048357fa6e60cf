"""The four stacks: reference values, torch_geometric in a row, every published setting, what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from protea.encoders.catalogue import parse_encoder
from protea.encoders.graph_convolution import (
    GATConfig,
    GATv2Config,
    GCNConfig,
    GraphConvolutionConfig,
    GraphTransformerConfig,
)
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError
from protea.geometry.neighbours import NeighbourTable
from speed.encoders.graph_convolution_peer import PygStack
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

# torch_geometric compiles a helper with torch.jit.script when its layers are first used.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")

CONFIGS = (GCNConfig, GATConfig, GATv2Config, GraphTransformerConfig)
CHAINS = (walk(21, seed=1, hide=(4,)), walk(1, seed=2), walk(18, seed=3))


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "gcn"
    encoder = GCNConfig(hidden_dims=(32, 32)).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "gcn" / "keys.json").read_text())
    encoder = GCNConfig().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("k", [4, 30], ids=["full table", "with empty slots"])
def test_a_stack_equals_torch_geometric(
    config: type[GraphConvolutionConfig], k: int, dtype: torch.dtype, tolerance: float
) -> None:
    names = ("elu", "silu", "none")
    ours = config(hidden_dims=(9, 6, 6), activations=names, inner_layers=("gatv2",), dropout=0.3)
    encoder = ours.build(NUM_FEATURES)
    shake(encoder)
    peer = PygStack(NUM_FEATURES, (9, 6, 6), (ours.kind, "gatv2", ours.kind), names)
    peer.load_state_dict(encoder.state_dict(), strict=True)
    batch = pack(CHAINS if k > 20 else (walk(30, seed=5),), dtype, k=k)
    with torch.no_grad():
        found = encoder.to(dtype).eval()(batch).residue
        expected = peer.to(dtype).eval()(batch.scalar, batch.graph.edge_index())
    assert scaled_difference(found, expected) < tolerance


def test_distances_as_weights_equal_torch_geometric(dtype: torch.dtype, tolerance: float) -> None:
    encoder = GCNConfig(is_weighted_by_distance=True).build(NUM_FEATURES)
    shake(encoder)
    peer = PygStack(NUM_FEATURES, (128, 128), ("gcn", "gcn"), ("relu", "relu"))
    peer.load_state_dict(encoder.state_dict(), strict=True)
    batch = pack(CHAINS, dtype)
    with torch.no_grad():
        found = encoder.to(dtype)(batch).residue
        expected = peer.to(dtype)(batch.scalar, batch.graph.edge_index(), batch.graph.distance[batch.graph.is_edge])
    assert scaled_difference(found, expected) < tolerance


@pytest.mark.parametrize(("config", "is_weighted"), [(GCNConfig, True), *((config, False) for config in CONFIGS)])
def test_edges_of_residues_to_themselves_count_as_in_torch_geometric(
    config: type[GraphConvolutionConfig], is_weighted: bool, dtype: torch.dtype, tolerance: float
) -> None:
    encoder = config(**({"is_weighted_by_distance": True} if is_weighted else {})).build(NUM_FEATURES)
    shake(encoder)
    peer = PygStack(NUM_FEATURES, (128, 128), (encoder.config.kind,) * 2, ("relu", "relu"))
    peer.load_state_dict(encoder.state_dict(), strict=True)
    batch = pack(CHAINS, dtype)
    loops = torch.tensor([3, 7, 21]).expand(2, -1)
    index = torch.cat([batch.graph.edge_index(), loops], dim=1)
    distance = torch.cat([batch.graph.distance[batch.graph.is_edge], torch.tensor([0.0, 2.0, 1.5], dtype=dtype)])
    graph = NeighbourTable.from_edge_index(index, distance, len(batch.position))
    with torch.no_grad():
        found = encoder.to(dtype)(replace(batch, graph=graph)).residue
        expected = peer.to(dtype)(batch.scalar, index, *([distance] if is_weighted else []))
    assert scaled_difference(found, expected) < tolerance


@pytest.mark.parametrize("config", CONFIGS)
def test_a_residue_alone_hears_itself(config: type[GraphConvolutionConfig]) -> None:
    """Self loop or skip: without neighbours the encoding still depends on the residue's own features."""
    encoder = config().build(NUM_FEATURES).double()
    shake(encoder)
    batch = pack((walk(1, seed=2),))
    with torch.no_grad():
        here, there = encoder(batch).residue, encoder(batch.replace(scalar=-batch.scalar)).residue
    assert bool(here.isfinite().all())
    assert float((here - there).abs().max()) > 1e-3


@torch.no_grad()
def test_dropout_follows_every_layer_but_the_last_and_only_in_training() -> None:
    encoder = GCNConfig(hidden_dims=(64, 64), activations=("none",), dropout=0.5).build(NUM_FEATURES).double()
    batch = pack(CHAINS)
    evaluated = encoder.eval()(batch).residue
    encoder.train()
    trained = [encoder(batch).residue for _ in range(2)]
    assert torch.equal(encoder.eval()(batch).residue, evaluated)
    assert not torch.equal(trained[0], trained[1])
    assert not bool((trained[0] == 0).any()), "the last layer is not followed by dropout"
    mean = torch.stack([encoder.train()(batch).residue for _ in range(400)]).mean(0)
    assert scaled_difference(mean, evaluated) < 0.2


def test_names_of_older_files_load() -> None:
    """torch_geometric before 2.5 kept the one map of a GAT layer as `lin_src` and `lin_dst`."""
    encoder = GATConfig().build(NUM_FEATURES)
    state = encoder.state_dict()
    old = {key: value for key, value in state.items() if ".lin." not in key}
    for key in set(state) - set(old):
        old[key.replace(".lin.", ".lin_src.")] = old[key.replace(".lin.", ".lin_dst.")] = state[key] + 1
    load_published(encoder, old)
    assert torch.equal(encoder.state_dict()["layers.module_0.lin.weight"], old["layers.module_0.lin_src.weight"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hidden_dims": []}, "hidden_dims"),
        ({"hidden_dims": [8, 0]}, "widths of at least 1"),
        ({"hidden_dims": [8, 8], "activations": ["relu"] * 3}, "expected 1 or 2 names, found 3"),
        ({"activations": ["gelu"]}, "activations"),
        ({"hidden_dims": [8, 8], "inner_layers": ["gcn"]}, "expected 0 names, found 1"),
        ({"inner_layers": ["rgcn"], "hidden_dims": [8, 8, 8]}, "inner_layers"),
        ({"dropout": 1.0}, "dropout"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_encoder({"kind": "gat", **settings})
