"""TFN against the reference values, and with its gradients against e3nn in training."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.tfn import TFNConfig, distance_gaussians
from protea.encoders.weights.key_maps import KEY_MAPS
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError
from speed.encoders.e3nn_peers import E3nnTFN, both_ways, load_ours
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(19, seed=1, hide=(4,)), walk(1, seed=2), walk(9, seed=3))
GOLDEN = TFNConfig(
    num_layers=3, num_basis=8, hidden_irreps="8x0e + 8x0o + 4x1e + 4x1o + 2x2e + 2x2o", mlp_dim=32,
    has_rounded_couplings=True,
)  # fmt: skip
SMALL = TFNConfig(num_layers=3, num_basis=5, hidden_irreps="4x0e + 2x0o + 3x1e + 2x1o + 1x2e", mlp_dim=6, dropout=0.0)


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "tfn"
    encoder = GOLDEN.build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "tfn" / "keys.json").read_text())
    with torch.device("meta"):
        encoder = TFNConfig.published().build(input_dim=49)
    expected = {key: shape for key, shape in card["shapes"].items() if not KEY_MAPS["tfn"].is_ignored(key)}
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == expected
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_outputs_gradients_and_statistics_equal_e3nn(mode: str) -> None:
    encoder = SMALL.build(NUM_FEATURES).double()
    shake(encoder)
    peer = E3nnTFN(NUM_FEATURES, SMALL.hidden_irreps, 3, 5, 6, 0.0).double()
    load_ours(peer, encoder)
    results = []
    for model in (encoder.train(mode == "train"), peer.train(mode == "train")):
        batch = pack(CHAINS, k=5)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        if model is encoder:
            residue = encoder(batch.replace(scalar=scalar, position=position)).residue
        else:
            residue = peer(scalar, position, both_ways(batch.graph.edge_index(), len(scalar)))
        residue.sin().sum().backward()
        parameters = dict(model.named_parameters())
        statistics = [value for name, value in model.named_buffers() if "running" in name]
        grads = [parameters[name].grad for name, _ in encoder.named_parameters()]
        results.append([residue.detach(), scalar.grad, position.grad, *grads, *statistics])
    for ours, theirs in zip(*results, strict=True):
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((ours - theirs).abs().max()) < 1e-5 * scale  # e3nn keeps its symbols in float32


@pytest.mark.parametrize(
    "change",
    [
        {"aggregation": "mean"}, {"has_residual": False}, {"has_batch_norm": False}, {"max_degree": 1},
        {"max_degree": 3}, {"has_gate": True, "has_batch_norm": False}, {"pool": "max"},
        {"hidden_irreps": "4x0e + 2x1o + 1x3o"},
    ],
)  # fmt: skip
def test_every_setting_acts_and_keeps_the_symmetry(change: dict[str, object]) -> None:
    config = TFNConfig(**(SMALL.model_dump() | change))
    encoder = config.build(NUM_FEATURES).double().eval()
    shake(encoder)
    mirror, _ = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(1)).double())
    batch = pack(CHAINS)
    with torch.no_grad():
        found, turned = encoder(batch), encoder(batch.replace(position=batch.position @ mirror.T))
        plain = SMALL.build(NUM_FEATURES).double().eval()
        shake(plain)
        before = plain(batch)
    assert torch.allclose(found.residue, turned.residue, atol=1e-9 * float(found.residue.abs().max()))
    if "pool" in change:
        assert not torch.allclose(found.protein, before.protein)
    else:
        assert found.residue.shape != before.residue.shape or not torch.allclose(found.residue, before.residue)


def test_neighbours_in_another_order_change_nothing() -> None:
    encoder = SMALL.build(NUM_FEATURES).double().eval()
    batch = pack([walk(20, seed=4)], k=6)
    graph = batch.graph
    columns = torch.randperm(6, generator=torch.Generator().manual_seed(2))
    other = type(graph)(graph.neighbour[:, columns], graph.is_edge, graph.distance[:, columns])
    with torch.no_grad():
        assert torch.equal(encoder(batch).residue, encoder(batch.replace(graph=other)).residue)


def test_states_that_do_not_begin_with_scalars_are_refused() -> None:
    with pytest.raises((ConfigError, ValueError), match="begin with their scalars"):
        TFNConfig(hidden_irreps="8x1o + 8x0e")


def test_gaussians_of_distance(dtype: torch.dtype) -> None:
    found = distance_gaussians(torch.tensor([0.0, 5.0, 200.0], dtype=dtype), 10.0, 3)
    step = 3 / 10.0
    expected = torch.tensor(
        [[1, (5 * step) ** 2, (10 * step) ** 2], [(5 * step) ** 2, 0, (5 * step) ** 2], [60, 60, 60]], dtype=dtype
    )
    expected[0, 0] = 0
    assert torch.allclose(found, torch.exp(-expected))
