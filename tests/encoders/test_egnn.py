"""EGNN against the reference values, and in training against an edge list with autograd throughout."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.egnn import EGNNConfig
from protea.encoders.weights.loading import load_published
from speed.encoders.peers import EdgeListEGNN
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(21, seed=1, hide=(4,)), walk(1, seed=2), walk(9, seed=3))


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "egnn"
    encoder = EGNNConfig(hidden_dim=32, num_layers=2).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance
    assert found.position is not None
    assert scaled_difference(found.position, expected["pos"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "egnn" / "keys.json").read_text())
    encoder = EGNNConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("k", [4, 16])
def test_outputs_gradients_and_statistics_equal_the_edge_list(mode: str, k: int) -> None:
    encoder = EGNNConfig(hidden_dim=11, num_layers=2, dropout=0.0).build(NUM_FEATURES).double()
    shake(encoder)
    peer = EdgeListEGNN(NUM_FEATURES, 11, 2, 0.0).double()
    peer.load_state_dict(encoder.state_dict())
    results = []
    for model in (encoder.train(mode == "train"), peer.train(mode == "train")):
        batch = pack(CHAINS, k=k)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        if model is encoder:
            found = encoder(batch.replace(scalar=scalar, position=position))
            residue, moved = found.residue, found.position
        else:
            residue, moved = peer(scalar, position, batch.graph.edge_index())
        is_resolved = batch.is_resolved
        (residue.sin().sum() + moved[is_resolved].square().sum()).backward()
        grads = [scalar.grad, position.grad[is_resolved], *[p.grad for p in model.parameters()]]
        results.append([residue.detach(), moved.detach()[is_resolved], *grads, *model.buffers()])
    names = ["residue", "position", "scalar'", "position'", *[f"{n}'" for n, _ in encoder.named_parameters()]]
    names += [n for n, _ in encoder.named_buffers()]
    for name, ours, theirs in zip(names, *results, strict=True):
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((ours - theirs).abs().max()) < 1e-9 * scale, name


@pytest.mark.parametrize("aggregation", ["sum", "mean", "max"])
@pytest.mark.parametrize(("norm", "activation"), [("layer", "silu"), ("batch", "relu"), ("layer", "none")])
@pytest.mark.parametrize("has_residual", [True, False])
def test_other_habits_equal_their_definition(aggregation: str, norm: str, activation: str, has_residual: bool) -> None:
    settings = {"aggregation": aggregation, "norm": norm, "activation": activation, "has_residual": has_residual}
    encoder = EGNNConfig(hidden_dim=5, num_layers=2, **settings).build(NUM_FEATURES).double().eval()
    shake(encoder)
    batch = pack((walk(9, seed=3), walk(1, seed=2), walk(4, seed=1)), k=3)
    state, position = encoder.emb_in(batch.scalar), batch.position
    source, target = batch.graph.edge_index()
    for layer in encoder.convs:
        step = position[target] - position[source]
        length = step.norm(dim=1, keepdim=True)
        message = layer.mlp_msg(torch.cat([state[target], state[source], length], 1))
        step = step / (length + 1) * layer.mlp_pos(message)
        total, moved = torch.zeros_like(state), torch.zeros_like(position)
        for residue in target.unique():
            heard = message[target == residue]
            total[residue] = heard.amax(0) if aggregation == "max" else getattr(heard, aggregation)(0)
            moved[residue] = step[target == residue].mean(0)
        change = layer.mlp_upd(torch.cat([state, total], 1))
        state, position = (state + change, position + moved) if has_residual else (change, moved)
    found = encoder(batch)
    torch.testing.assert_close(found.residue, state)
    torch.testing.assert_close(found.position, position)


def test_dropout_keeps_the_mean_and_is_silent_in_evaluation() -> None:
    batch = pack([walk(40, seed=1)])
    encoder = EGNNConfig(hidden_dim=16, num_layers=1, dropout=0.5).build(NUM_FEATURES).double()
    with torch.no_grad():
        encoder.train()
        assert not torch.equal(encoder(batch).residue, encoder(batch).residue)
        encoder.eval()
        assert torch.equal(encoder(batch).residue, encoder(batch).residue)
