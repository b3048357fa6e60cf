"""GVP against the reference values, and against every perceptron run on an edge list."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.gvp import GVPConfig
from protea.encoders.weights.loading import load_published
from protea.features.edges.catalogue import KNearest, Radius
from speed.encoders.peer_gvp import EdgeListGVP
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(21, seed=1, hide=(4,), break_at=12), walk(1, seed=2), walk(9, seed=3))
TINY = GVPConfig(
    hidden_dim=9, num_vectors=4, edge_dim=5, num_edge_vectors=3, num_layers=2, num_bessel=6, cutoff=7.0,
    cutoff_power=5, dropout=0.0,
)  # fmt: skip


def tiny_peer() -> EdgeListGVP:
    return EdgeListGVP(NUM_FEATURES, (9, 4), (5, 3), 2, dropout=0.0, cutoff=7.0, num_bessel=6, power=5)


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "gvp"
    encoder = GVPConfig(hidden_dim=32, num_vectors=8, edge_dim=16, num_layers=2).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "gvp" / "keys.json").read_text())
    encoder = GVPConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("graph", [KNearest(k=4), KNearest(k=16), Radius(radius=8.0)], ids=["full", "short", "radius"])
def test_outputs_and_gradients_equal_the_edge_list(mode: str, graph: KNearest | Radius) -> None:
    encoder, peer = TINY.build(NUM_FEATURES).double(), tiny_peer().double()
    shake(encoder)
    peer.load_state_dict(encoder.state_dict())
    results = []
    for model in (encoder.train(mode == "train"), peer.train(mode == "train")):
        batch = pack(CHAINS, graph=graph)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        edges = graph.build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
        if model is encoder:
            residue = encoder(batch.replace(scalar=scalar, position=position, graph=edges)).residue
        else:
            residue = peer(scalar, position, edges.edge_index())
        residue.sin().sum().backward()
        results.append([residue.detach(), scalar.grad, position.grad, *[p.grad for p in model.parameters()]])
    names = ["residue", "scalar'", "position'", *[name for name, _ in encoder.named_parameters()]]
    for name, ours, theirs in zip(names, *results, strict=True):
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((ours - theirs).abs().max()) < 1e-9 * scale, name


def test_without_residuals_each_update_replaces_the_state() -> None:
    encoder = TINY.model_copy(update={"has_residual": False, "num_layers": 1}).build(NUM_FEATURES).double()
    shake(encoder)
    batch = pack([walk(6, seed=1), walk(1, seed=2)])
    found = encoder(batch)
    # A protein of one residue receives no message: its state is what the feedforward network makes of zeros.
    layer = encoder.layers[0]
    zeros = torch.zeros(1, 9).double(), torch.zeros(3, 1, 4).double()
    expected = encoder.W_out[1](*encoder.W_out[0](*layer.ff_func[1](*layer.ff_func[0](*zeros))))[0]
    torch.testing.assert_close(found.residue[6:], expected)
    with_residual = TINY.model_copy(update={"num_layers": 1}).build(NUM_FEATURES).double()
    with_residual.load_state_dict(encoder.state_dict())
    assert not torch.allclose(with_residual(batch).residue, found.residue)


def test_the_largest_of_each_channel_can_stand_for_the_protein() -> None:
    encoder = TINY.model_copy(update={"pool": "max"}).build(NUM_FEATURES).double()
    found = encoder(pack(CHAINS))
    torch.testing.assert_close(found.protein[0], found.residue[:21].amax(0))
    torch.testing.assert_close(found.protein[1], found.residue[21])


def test_dropout_acts_in_training_only() -> None:
    encoder = TINY.model_copy(update={"dropout": 0.5}).build(NUM_FEATURES).double()
    batch = pack(CHAINS)
    assert not torch.equal(encoder(batch).residue, encoder(batch).residue)
    encoder.eval()
    assert torch.equal(encoder(batch).residue, encoder(batch).residue)


def test_residues_at_one_place_have_finite_gradients() -> None:
    batch = pack([walk(5, seed=1)])
    position = batch.position.clone()
    position[3] = position[2]
    position.requires_grad_()
    graph = KNearest(k=4).build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
    encoder = TINY.build(NUM_FEATURES).double()
    encoder(batch.replace(position=position, graph=graph)).residue.sum().backward()
    assert position.grad is not None
    assert bool(position.grad.isfinite().all())
