"""DimeNet++: reference values, torch_geometric's blocks with both angle rules, what the cutoff means."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.catalogue import parse_encoder
from protea.encoders.dimenet import DimeNetConfig
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError
from protea.features.edges.catalogue import KNearest, Radius
from speed.encoders.dimenet_peer import PygDimeNet
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

GOLDEN = DimeNetConfig(hidden_dim=32, output_dim=16, num_layers=2, triplet_dim=16, output_hidden_dim=32)
SMALL = DimeNetConfig(hidden_dim=12, output_dim=5, num_layers=2, triplet_dim=6, basis_dim=3, output_hidden_dim=7,
                      num_spherical=4, num_radial=3, num_before_skip=2, num_after_skip=1, num_output_layers=1,
                      envelope_exponent=4)  # fmt: skip
CHAINS = (walk(21, seed=1, hide=(4,)), walk(1, seed=2), walk(18, seed=3))


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "dimenet_plus_plus"
    encoder = GOLDEN.build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "dimenet_plus_plus" / "keys.json").read_text())
    with torch.device("meta"):
        encoder = DimeNetConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("rule", ["at_target", "along_path"])
@pytest.mark.parametrize("graph", [KNearest(k=5), KNearest(k=30), Radius(radius=9.0)], ids=lambda graph: graph.kind)
def test_outputs_and_gradients_equal_torch_geometric(rule: str, graph: KNearest | Radius) -> None:
    config = SMALL.model_copy(update={"angle": rule})
    encoder = config.build(NUM_FEATURES).double()
    shake(encoder)
    peer = PygDimeNet(NUM_FEATURES, config).double()
    peer.load_state_dict(encoder.state_dict(), strict=True)
    found = {}
    for name, model in (("ours", encoder), ("peer", peer)):
        batch = pack(CHAINS)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        edges = graph.build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
        batch = batch.replace(scalar=scalar, position=position, graph=edges)
        residue = encoder(batch).residue if model is encoder else peer(scalar, position, edges.edge_index())
        residue.sin().sum().backward()
        grads = {key: value.grad for key, value in model.named_parameters()}
        found[name] = {"residue": residue.detach(), "scalar": scalar.grad, "position": position.grad, **grads}
    for key, theirs in found["peer"].items():
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((found["ours"][key] - theirs).abs().max()) < 1e-8 * scale, key


def test_the_two_angle_rules_differ() -> None:
    encoder = SMALL.build(NUM_FEATURES).double()
    shake(encoder)
    other = SMALL.model_copy(update={"angle": "along_path"}).build(NUM_FEATURES).double()
    other.load_state_dict(encoder.state_dict())
    batch = pack(CHAINS)
    with torch.no_grad():
        assert scaled_difference(other(batch).residue, encoder(batch).residue) > 1e-4


def test_edges_beyond_the_cutoff_change_nothing() -> None:
    """They weigh exactly 0 in the published model as well, so leaving them out is no approximation."""
    encoder = SMALL.model_copy(update={"cutoff": 6.0}).build(NUM_FEATURES).double()
    shake(encoder)
    chain = walk(30, seed=4)
    with torch.no_grad():
        near = encoder(pack((chain,), graph=Radius(radius=6.0))).residue
        far = encoder(pack((chain,), graph=Radius(radius=20.0))).residue
    assert scaled_difference(far, near) < 1e-12


@pytest.mark.parametrize(
    ("field", "value"), [("cutoff", 0.0), ("num_spherical", 0), ("activation", "gelu"), ("angle", "at_j")]
)
def test_wrong_settings_are_refused(field: str, value: object) -> None:
    with pytest.raises(ConfigError, match=field):
        parse_encoder({"kind": "dimenet", field: value})
