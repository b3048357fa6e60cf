"""MACE against the reference values, and with its gradients against e3nn in training."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.mace import MACEConfig
from protea.encoders.weights.key_maps import KEY_MAPS
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError
from speed.encoders.e3nn_peers import E3nnMACE, both_ways, load_ours
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(19, seed=1, hide=(4,)), walk(1, seed=2), walk(9, seed=3))
GOLDEN = MACEConfig(hidden_irreps="8x0e + 8x1o + 8x2e", mlp_dim=32, has_rounded_couplings=True)
SMALL = MACEConfig(num_layers=3, num_bessel=5, hidden_irreps="3x0e + 3x1o + 3x2e", mlp_dim=6, dropout=0.0)


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "mace"
    encoder = GOLDEN.build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_coupling_bases_are_loaded(shared_goldens: Path) -> None:
    encoder, weights = GOLDEN.build(input_dim=49), golden_weights(shared_goldens / "encoders" / "mace")
    key = "prods.0.symmetric_contractions.contractions.8x1o.U_matrix_3"
    weights[key] = -weights[key]  # as another version of e3nn may have it
    load_published(encoder, weights)
    assert torch.equal(encoder.state_dict()[key], weights[key].double())


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "mace" / "keys.json").read_text())
    with torch.device("meta"):
        encoder = MACEConfig.published().build(input_dim=49)
    expected = {key: shape for key, shape in card["shapes"].items() if not KEY_MAPS["mace"].is_ignored(key)}
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == expected
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_outputs_gradients_and_statistics_equal_e3nn(mode: str) -> None:
    encoder = SMALL.build(NUM_FEATURES).double()
    shake(encoder)
    peer = E3nnMACE(NUM_FEATURES, SMALL.hidden_irreps, 3, 3, 5, 6, 0.0).double()
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
        parameters, statistics = dict(model.named_parameters()), dict(model.named_buffers())
        grads = [parameters[name].grad for name, _ in encoder.named_parameters()]
        running = [statistics[name] for name, _ in encoder.named_buffers() if "running" in name]
        results.append([residue.detach(), scalar.grad, position.grad, *grads, *running])
    for ours, theirs in zip(*results, strict=True):
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((ours - theirs).abs().max()) < 1e-5 * scale  # e3nn keeps its symbols in float32


@pytest.mark.parametrize(
    "change",
    [
        {"aggregation": "mean"}, {"has_residual": False}, {"has_batch_norm": False}, {"max_degree": 1},
        {"correlation": 2}, {"has_gate": True, "has_batch_norm": False}, {"pool": "max"}, {"cutoff_power": 3},
        {"hidden_irreps": "3x0e + 3x0o + 3x1o + 3x1e", "num_layers": 2}, {"cutoff": 7.0}, {"num_layers": 2},
        {"correlation": 4, "hidden_irreps": "3x0e + 3x1o", "num_layers": 2},
    ],
)  # fmt: skip
def test_every_setting_acts_and_keeps_the_symmetry(change: dict[str, object]) -> None:
    config = MACEConfig(**(SMALL.model_dump() | change))
    encoder = config.build(NUM_FEATURES).double().eval()
    shake(encoder)
    plain = SMALL.build(NUM_FEATURES).double().eval()
    shake(plain)
    mirror, _ = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(1)).double())
    batch = pack(CHAINS)
    with torch.no_grad():
        found, turned, before = encoder(batch), encoder(batch.replace(position=batch.position @ mirror.T)), plain(batch)
    assert torch.allclose(found.residue, turned.residue, atol=1e-9 * float(found.residue.abs().max()))
    if "pool" in change:
        assert not torch.allclose(found.protein, before.protein)
    else:
        assert not torch.allclose(found.residue, before.residue)


@pytest.mark.parametrize("text", ["4x0e + 2x1o", "4x1o + 4x0e", "4x0e + 4x1o + 4x1o"])
def test_irreps_that_cannot_be_multiplied_channel_by_channel_are_refused(text: str) -> None:
    with pytest.raises((ConfigError, ValueError), match=r"channel by channel|begin with their scalars"):
        MACEConfig(hidden_irreps=text)
