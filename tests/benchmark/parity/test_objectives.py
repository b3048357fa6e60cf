"""Heads of any size agree with what they returned; a rebuild that puts a length or an angle elsewhere does not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.objectives import compare_mlp_decoder, compare_torsional_noise, load_head
from protea.errors import InputError
from protea.geometry.backbone import backbone_internal_coordinates
from protea.geometry.pnerf import rebuild_chain
from protea.objectives.published_heads import MLPDecoder, PositionDecoder
from tests.benchmark.parity.made_goldens import perturb_weights
from tests.features.proteins import random_proteins

MLP = {"hidden_dim": [9, 9], "out_dim": 3}
POSITION = {
    "num_message_layers": 1, "message_hidden_dim": 7, "message_activation": "silu", "message_dropout": 0.2,
    "message_skip": "concat", "num_distance_layers": 2, "distance_hidden_dim": 5, "distance_activation": "tanh",
    "distance_dropout": 0.0, "distance_skip": False, "aggr": "mean",
}  # fmt: skip


def write(
    folder: Path, config: dict[str, Any], inputs: dict[str, np.ndarray], head: torch.nn.Module, name: str
) -> Path:
    folder.mkdir()
    (folder / "card.md").write_text("Tolerance 1e-5 float32, 1e-10 float64.", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    np.savez(folder / "inputs.npz", **inputs)
    save_file(head.state_dict(), folder / "weights.safetensors")
    for dtype, file in ((torch.float32, "outputs.npz"), (torch.float64, "outputs64.npz")):
        given = [torch.from_numpy(value) for value in inputs.values()]
        with torch.no_grad():
            found = head.to(dtype).eval()(*(item.to(dtype) if item.is_floating_point() else item for item in given))
        np.savez(folder / file, **{name: found.numpy()})
    return folder


def write_mlp(folder: Path, skip: object) -> Path:
    head = MLPDecoder(6, MLP["hidden_dim"], 3, skip=skip or "none", dropout=0.5)  # type: ignore[arg-type]
    x = np.random.default_rng(0).normal(size=(11, 6)).astype(np.float32)
    return write(folder, {**MLP, "skip": skip}, {"x": x}, head, "output")


def test_a_list_of_activations_counts_to_the_last_layer(tmp_path: Path) -> None:
    head = MLPDecoder(6, [9, 9], 3, activations=["elu", "relu", "sigmoid"])
    x = np.random.default_rng(0).normal(size=(11, 6)).astype(np.float32)
    names = ["elu", "relu", "sigmoid"]
    folder = write(tmp_path / "a", {**MLP, "skip": "concat", "activations": names}, {"x": x}, head, "output")
    assert check_golden(Golden(folder)).status == "agrees"
    for changed in (["elu", "relu", "none"], ["relu", "relu", "sigmoid"]):
        (folder / "config.json").write_text(json.dumps({**MLP, "skip": "concat", "activations": changed}))
        assert check_golden(Golden(folder)).status == "differs"
    for wrong, message in (({"activations": names[:2]}, "per layer"), ({"out_dim": "x"}, "out_dim = 'x'")):
        (folder / "config.json").write_text(json.dumps({**MLP, "skip": "concat", **wrong}))
        with pytest.raises(InputError, match=message):
            check_golden(Golden(folder))
    (folder / "config.json").write_text(json.dumps({**MLP, "skip": "concat", "unheard": 1}))
    assert "unheard = 1" in check_golden(Golden(folder)).reason


def write_positions(folder: Path) -> Path:
    random = np.random.default_rng(0)
    inputs = {
        "node_embedding": random.normal(size=(8, 4)).astype(np.float32),
        "pos": random.normal(size=(8, 3)).astype(np.float32),
        "edge_index": random.integers(0, 8, (2, 30)),
    }
    head = PositionDecoder(4, [7], [5, 5], message_activation="silu", distance_activation="tanh",
                           message_skip="concat", aggregation="mean")  # fmt: skip
    return write(folder, POSITION, inputs, head, "pos")


@pytest.mark.parametrize("skip", ["concat", False])
def test_a_decoder_of_any_size_agrees_until_a_weight_changes(tmp_path: Path, skip: object) -> None:
    folder = write_mlp(tmp_path / "a", skip)
    report = check_golden(Golden(folder))
    assert (report.kind, report.status) == ("head MLPDecoder", "agrees")
    assert {item.precision: item.tolerance for item in report.comparisons} == {"float32": 1e-5, "float64": 1e-10}
    perturb_weights(folder, 0.1)
    assert check_golden(Golden(folder)).status == "differs"


def test_the_skip_of_the_configuration_is_used(tmp_path: Path) -> None:
    folder = write_mlp(tmp_path / "a", "concat")
    (folder / "config.json").write_text(json.dumps({**MLP, "skip": False}))
    with pytest.raises(InputError, match="do not fit the head"):
        compare_mlp_decoder(Golden(folder))
    (folder / "config.json").write_text(json.dumps({**MLP, "skip": "product"}))
    assert check_golden(Golden(folder)).status == "not implemented"


def test_a_position_decoder_of_any_size_agrees_until_a_weight_changes(tmp_path: Path) -> None:
    folder = write_positions(tmp_path / "a")
    report = check_golden(Golden(folder))
    assert (report.kind, report.status) == ("head PositionDecoder", "agrees")
    perturb_weights(folder, 0.1)
    assert check_golden(Golden(folder)).status == "differs"
    (folder / "config.json").write_text(json.dumps({**POSITION, "aggr": "mul"}))
    assert check_golden(Golden(folder)).status == "not implemented"


def test_keys_of_a_whole_checkpoint_are_read(tmp_path: Path) -> None:
    folder = write_mlp(tmp_path / "a", "concat")
    tensors = load_file(folder / "weights.safetensors")
    save_file({f"decoder.graph_label.{key}": value for key, value in tensors.items()}, folder / "weights.safetensors")
    assert check_golden(Golden(folder)).status == "agrees"
    with pytest.raises(InputError, match=r"layers\.layers\.0\.bias"):
        load_head(MLPDecoder(6, [9, 9], 3), {})


def write_noise(folder: Path, shift: int, extra_turn: float = 0.0) -> Golden:
    """A golden whose N-CA lengths are shifted by so many residues, as the reference shifts them by one."""
    folder.mkdir()
    chains = random_proteins(9, 6)
    backbone = chains.position[:, :3].clone()
    random = np.random.default_rng(0)
    backbone += torch.from_numpy(random.normal(size=backbone.shape)) * 0.03
    noise = torch.from_numpy(random.normal(size=(15, 3)).astype(np.float32) * 0.1).double()
    internal = backbone_internal_coordinates(backbone.float().double(), chains.residue_ptr)
    length = internal.bond_length.clone()
    length[:, 0] = length[:, 0].roll(shift)
    length[chains.residue_ptr[:-1], 0] = 1.4584
    torsion = internal.torsion + noise
    torsion[4, 1] += extra_turn
    rebuilt = rebuild_chain(length, internal.bond_angle, torsion, chains.residue_ptr).numpy()
    np.savez(folder / "inputs.npz", coords=backbone.float().numpy(), atom_mask=np.ones((15, 3), bool),
             residue_ptr=chains.residue_ptr.numpy(), noise=noise.float().numpy())  # fmt: skip
    np.savez(folder / "outputs.npz", coordinates=rebuilt.astype(np.float32))
    np.savez(folder / "outputs64.npz", coordinates=rebuilt)
    (folder / "config.json").write_text(json.dumps({"atoms37": ["N", "CA", "C"]}))
    return Golden(folder)


def test_a_rebuild_agrees_but_for_the_lengths_that_the_reference_shifts(tmp_path: Path) -> None:
    found, aside = compare_torsional_noise(write_noise(tmp_path / "a", shift=1))
    assert len(found) == 6
    assert not [item for item in found if not item.is_within]
    assert not aside
    right = {item.output: item.is_within for item in compare_torsional_noise(write_noise(tmp_path / "b", shift=0))[0]}
    assert right == {"coordinates [torsions]": True, "coordinates [bond angles]": True, "coordinates [atoms]": False}


def test_a_torsion_that_is_turned_too_far_is_seen(tmp_path: Path) -> None:
    found, _ = compare_torsional_noise(write_noise(tmp_path / "a", shift=1, extra_turn=0.01))
    wrong = {(item.output, item.precision) for item in found if not item.is_within}
    assert wrong == {
        (f"coordinates [{part}]", width) for part in ("torsions", "atoms") for width in ("float32", "float64")
    }


def test_the_shared_goldens_agree(shared_goldens: Path) -> None:
    for name in ("mlp_decoder_concat", "mlp_decoder_plain", "position_decoder", "torsional_noise"):
        assert check_golden(Golden(shared_goldens / "objectives" / name)).status == "agrees", name
