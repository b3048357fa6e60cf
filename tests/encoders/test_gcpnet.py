"""GCPNet against the reference values, against every perceptron run on an edge list, and in the mirror."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from protea.benchmark.parity.encoders import given_batch
from protea.benchmark.parity.golden import Golden
from protea.config import parse_config
from protea.encoders.gcpnet import GCPNetConfig
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError, InputError
from protea.features.edges.catalogue import KNearest, Radius
from speed.encoders.peer_gcpnet import EdgeListGCPNet
from tests.encoders.goldens import golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, Chain, pack, shake, walk

CHAINS = (walk(21, seed=1, break_at=12), walk(1, seed=2), walk(9, seed=3))
TINY = GCPNetConfig(
    hidden_dim=9, num_vectors=4, edge_dim=5, num_edge_vectors=2, num_layers=2, num_messages=3, bottleneck=2,
    message_bottleneck=2, num_gaussians=6, cutoff=7.0,
)  # fmt: skip
MIRROR = torch.diag(torch.tensor([1.0, 1.0, -1.0])).double()


def mirrored(chains: tuple[Chain, ...]) -> list[Chain]:
    return [Chain(c.scalar, c.position @ MIRROR, c.is_resolved, c.chain_of) for c in chains]


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "gcpnet"
    encoder = GCPNetConfig(hidden_dim=32, num_vectors=8, edge_dim=16, num_layers=2).build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(given_batch(Golden(folder), dtype, is_typed=False))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "gcpnet" / "keys.json").read_text())
    encoder = GCPNetConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("graph", [KNearest(k=4), KNearest(k=16), Radius(radius=8.0)], ids=["full", "short", "radius"])
def test_outputs_and_gradients_equal_the_edge_list(graph: KNearest | Radius) -> None:
    encoder = TINY.build(NUM_FEATURES).double()
    peer = EdgeListGCPNet(NUM_FEATURES, (9, 4), (5, 2), 2, bottleneck=2, num_messages=3, cutoff=7.0, num_rbf=6).double()
    shake(encoder)
    peer.load_state_dict(encoder.state_dict())
    results = []
    for model in (encoder, peer):
        batch = pack(CHAINS, graph=graph)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        edges = graph.build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
        if model is encoder:
            residue = encoder(batch.replace(scalar=scalar, position=position, graph=edges)).residue
        else:
            protein_of = torch.arange(3).repeat_interleave(batch.residue_ptr.diff())
            residue = peer(scalar, batch.vector, position, protein_of, edges.edge_index())
        residue.sin().sum().backward()
        grads = {name: value.grad for name, value in model.named_parameters()}
        results.append({"residue": residue.detach(), "scalar": scalar.grad, "position": position.grad, **grads})
    for name, theirs in results[1].items():
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((results[0][name] - theirs).abs().max()) < 1e-9 * scale, name


@pytest.mark.parametrize("is_mirror_blind", [True, False])
def test_a_mirror_image_is_told_apart_unless_blind(is_mirror_blind: bool) -> None:
    config = TINY.model_copy(update={"is_mirror_blind": is_mirror_blind, "moves_positions": True})
    encoder = config.build(NUM_FEATURES).double()
    shake(encoder)
    assert encoder.symmetry == ("E(3)-equivariant" if is_mirror_blind else "SE(3)-equivariant")
    before, after = encoder(pack(CHAINS)), encoder(pack(mirrored(CHAINS)))
    assert torch.allclose(after.residue, before.residue) is is_mirror_blind
    assert before.vectors is not None
    assert after.vectors is not None
    assert torch.allclose(after.vectors, before.vectors @ MIRROR) is is_mirror_blind
    assert before.position is not None
    assert after.position is not None
    assert torch.allclose(after.position, before.position @ MIRROR) is is_mirror_blind


@pytest.mark.parametrize("by_all", [False, True])
def test_moved_positions_turn_and_shift_with_the_input(by_all: bool) -> None:
    changes = {"moves_positions": True, "moves_by_all_vectors": by_all, "position_weight": 0.5}
    encoder = TINY.model_copy(update=changes).build(NUM_FEATURES).double()
    shake(encoder)
    chains = (walk(21, seed=1, hide=(4,)), walk(1, seed=2))
    turn = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64))[0]
    turn = turn * torch.sign(torch.linalg.det(turn))
    shift = torch.tensor([5.0, -3.0, 9.0]).double()
    moved = [Chain(c.scalar, c.position @ turn.T + shift, c.is_resolved, c.chain_of) for c in chains]
    before, after = encoder(pack(chains)).position, encoder(pack(moved)).position
    assert before is not None
    assert after is not None
    is_resolved = pack(chains).is_resolved
    torch.testing.assert_close(after[is_resolved], (before @ turn.T + shift)[is_resolved])
    assert not bool(before[~is_resolved].any())
    assert float((before - pack(chains).position)[is_resolved].abs().detach().max()) > 1e-2
    still = TINY.model_copy(update=changes | {"position_weight": 0.0}).build(NUM_FEATURES).double()
    still.load_state_dict(encoder.state_dict())
    torch.testing.assert_close(still(pack(chains)).position[is_resolved], pack(chains).position[is_resolved])


def test_without_projection_the_scalars_are_the_encoding() -> None:
    full = TINY.build(NUM_FEATURES).double()
    bare = TINY.model_copy(update={"has_projection": False}).build(NUM_FEATURES).double()
    state = {key: value for key, value in full.state_dict().items() if "projection" not in key}
    bare.load_state_dict(state, strict=True)
    batch = pack(CHAINS)
    captured: list[Tensor] = []
    full.interaction_layers[-1].register_forward_hook(lambda module, given, made: captured.append(made[0]))
    full(batch)
    torch.testing.assert_close(bare(batch).residue, captured[0])


@pytest.mark.parametrize(
    "change",
    [
        {"has_short_axes": False}, {"scalar_activation": "tanh"}, {"vector_activation": "relu"},
        {"has_vector_gate": False}, {"has_attention": False}, {"has_pre_norm": True}, {"has_norm": False},
        {"num_feedforward": 1}, {"num_feedforward": 3}, {"num_messages": 1}, {"bottleneck": 1},
        {"message_bottleneck": 1}, {"num_gaussians": 3}, {"cutoff": 20.0},
    ],
    ids=str,
)  # fmt: skip
def test_every_setting_changes_the_encoding(change: dict) -> None:
    torch.manual_seed(0)
    usual = TINY.build(NUM_FEATURES).double()
    other = TINY.model_copy(update=change).build(NUM_FEATURES).double()
    shake(usual)
    shake(other)
    shared = {k: v for k, v in usual.state_dict().items() if other.state_dict().get(k, v[:0]).shape == v.shape}
    other.load_state_dict(other.state_dict() | shared)
    found = other(pack(CHAINS)).residue
    assert bool(found.isfinite().all())
    assert not torch.allclose(found, usual(pack(CHAINS)).residue)


def test_idle_norms_are_held_and_not_read() -> None:
    usual = TINY.build(NUM_FEATURES).double()
    idle = TINY.model_copy(update={"has_idle_norms": True}).build(NUM_FEATURES).double()
    extra = set(idle.state_dict()) - set(usual.state_dict())
    assert extra
    assert all(key.endswith(("norm.weight", "norm.bias")) for key in extra)
    idle.load_state_dict(idle.state_dict() | usual.state_dict())
    assert torch.equal(idle(pack(CHAINS)).residue, usual(pack(CHAINS)).residue)


def test_a_bottleneck_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ConfigError, match="message_bottleneck = 4 must divide the 35 vectors"):
        parse_config(GCPNetConfig, {"num_edge_vectors": 3}, where="here.yaml")
    with pytest.raises(ConfigError, match="bottleneck = 3"):
        parse_config(GCPNetConfig, {"bottleneck": 3}, where="here.yaml")


def test_residues_without_orientation_are_refused() -> None:
    encoder = TINY.build(NUM_FEATURES)
    for vector in (None, torch.zeros(21, 3, 3)):
        with pytest.raises(InputError, match=r"scheme\.orientation"):
            encoder(pack(CHAINS[:1], torch.float32).replace(vector=vector))
