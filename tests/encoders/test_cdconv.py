"""CDConv: reference values, the edge list, every published setting, borders of chains."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from protea.encoders.catalogue import parse_encoder
from protea.encoders.cdconv import CDConvConfig
from protea.encoders.weights.loading import load_published
from protea.errors import ConfigError
from speed.encoders.cdconv_peer import EdgeListCDConv
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

GOLDEN = CDConvConfig(radius=6.0, kernel_channels=(8,), channels=(32, 48))
SMALL = CDConvConfig(radius=6.0, kernel_channels=(4, 3), channels=(6, 8, 8), base_width=32.0, dropout=0.0)


def test_equals_the_reference_of_each_chain_alone(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "cdconv"
    encoder = GOLDEN.build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.protein, expected["graph_embedding_single"]) < tolerance
    # The reference itself mixes the frames of packed chains at their borders.
    assert scaled_difference(found.protein, expected["graph_embedding"]) > 1e-3


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "cdconv" / "keys.json").read_text())
    with torch.device("meta"):
        encoder = CDConvConfig.published().build(input_dim=49)
    assert {key: list(value.shape) for key, value in encoder.state_dict().items()} == card["shapes"]
    assert sum(value.numel() for value in encoder.parameters()) == card["num_parameters"]


@pytest.mark.parametrize("change", [{}, {"has_batch_norm": False}, {"has_bias": True}, {"kernel_size": 3}], ids=str)
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_outputs_and_gradients_equal_the_edge_list(change: dict[str, object], mode: str) -> None:
    config = SMALL.model_copy(update=change)
    encoder = config.build(NUM_FEATURES).double()
    shake(encoder)
    peer = EdgeListCDConv(encoder)
    chains = (walk(21, seed=1), walk(18, seed=3))
    found = {}
    for name, model in (("ours", encoder.train(mode == "train")), ("peer", peer.train(mode == "train"))):
        batch = pack(chains)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        if model is encoder:
            protein = encoder(batch.replace(scalar=scalar, position=position)).protein
        else:
            protein = peer(scalar, position, batch.residue_ptr)
        protein.sin().sum().backward()
        grads = {key.removeprefix("encoder."): value.grad for key, value in model.named_parameters()}
        found[name] = {"protein": protein.detach(), "scalar": scalar.grad, "position": position.grad, **grads}
    for key, theirs in found["peer"].items():
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((found["ours"][key] - theirs).abs().max()) < 1e-8 * scale, key


def test_keys_follow_normalisation_and_bias() -> None:
    """Without normalisation the maps stand one place earlier, as in the original."""
    plain = SMALL.model_copy(update={"has_batch_norm": False, "has_bias": True}).build(NUM_FEATURES).state_dict()
    assert {key for key in plain if key.startswith("layers.0.input")} == {
        "layers.0.input.module.2.weight", "layers.0.input.module.2.bias",
    }  # fmt: skip
    assert plain["layers.0.conv.WeightNet.Ws.1"].shape == (5, 4, 3)
    assert plain["layers.0.conv.W"].shape == (3 * 3, 3)
    assert not [key for key in plain if key.startswith("layers.1.identity")]


def test_a_residue_has_the_encoding_of_its_last_point() -> None:
    encoder = SMALL.build(NUM_FEATURES).double().eval()
    shake(encoder)
    with torch.no_grad():
        found = encoder(pack((walk(10, seed=1), walk(3, seed=2))))
    # Three levels: groups of four residues along each chain.
    groups = [range(4), range(4, 8), range(8, 10), range(10, 13)]
    for group in groups:
        assert torch.equal(found.residue[list(group)], found.residue[group[0]].expand(len(group), -1))
    points = found.residue[[group[0] for group in groups]]
    torch.testing.assert_close(found.protein, torch.stack([points[:3].sum(0), points[3]]))


def test_two_chains_of_a_protein_do_not_share_frames_pairs_or_offsets() -> None:
    """Far apart in space, the chains of one protein are encoded as two proteins are."""
    encoder = SMALL.build(NUM_FEATURES).double().eval()
    shake(encoder)
    first, second = walk(9, seed=1), walk(7, seed=2)
    second = replace(second, position=second.position + 500.0)
    joined = replace(
        first,
        scalar=torch.cat([first.scalar, second.scalar]),
        position=torch.cat([first.position, second.position]),
        is_resolved=torch.cat([first.is_resolved, second.is_resolved]),
        chain_of=torch.cat([first.chain_of, second.chain_of + 1]),
    )
    with torch.no_grad():
        together, apart = encoder(pack((joined,))), encoder(pack((first, second)))
    torch.testing.assert_close(together.residue, apart.residue, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(together.protein[0], apart.protein.sum(0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("field", "value"),
    [("kernel_size", 4), ("kernel_size", 1), ("channels", []), ("kernel_channels", []), ("radius", 0.0)],
)
def test_wrong_settings_are_refused(field: str, value: object) -> None:
    with pytest.raises(ConfigError, match=field):
        parse_encoder({"kind": "cdconv", field: value})
