"""GNN-PPI's golden agrees; the same golden with other weights or decisions does not."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.interaction_models import is_interaction_golden
from protea.errors import InputError


@pytest.fixture
def folder(shared_goldens: Path, tmp_path: Path) -> Path:
    for file in (shared_goldens / "gnn_ppi" / "model_tiny").iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    return tmp_path


def test_every_output_agrees(shared_goldens: Path) -> None:
    report = check_golden(Golden(shared_goldens / "gnn_ppi" / "model_tiny"))
    assert report.kind == "interaction model GNN-PPI"
    assert report.status == "agrees"
    assert not report.not_compared
    assert len(report.comparisons) == 7
    assert max(item.difference for item in report.comparisons if item.output != "micro_acc_prec_rec_f1") < 1e-5


@pytest.mark.parametrize("name", ["gin_conv1.eps", "biGRU.weight_hh_l0", "bn1.running_mean", "fc2.bias"])
def test_other_weights_do_not(folder: Path, name: str) -> None:
    path = folder / "weights.safetensors"
    tensors = load_file(path)
    save_file({**tensors, name: tensors[name] + 0.5}, path)
    assert check_golden(Golden(folder)).status == "differs"


def test_other_metrics_do_not(folder: Path) -> None:
    outputs = dict(np.load(folder / "outputs.npz"))
    outputs["micro_acc_prec_rec_f1"][2] += 1e-3
    np.savez(folder / "outputs.npz", **outputs)
    report = check_golden(Golden(folder))
    assert [item.output for item in report.comparisons if not item.is_within] == ["micro_acc_prec_rec_f1"]


def test_a_missing_input_is_named(folder: Path) -> None:
    inputs = dict(np.load(folder / "inputs.npz"))
    np.savez(folder / "inputs.npz", **{key: value for key, value in inputs.items() if key != "train_edge_id"})
    assert is_interaction_golden(Golden(folder))
    with pytest.raises(InputError, match="train_edge_id"):
        check_golden(Golden(folder))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"surprise": 1}, "surprise = 1"), ({"feature_fusion": "concat"}, "does not run")],
)
def test_settings_that_nobody_reads_are_named(folder: Path, change: dict[str, object], message: str) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    report = check_golden(Golden(folder))
    assert report.status == "not implemented"
    assert message in report.reason


def test_settings_left_out_are_those_of_the_constructor_and_types_are_checked(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    left_out = {key: value for key, value in config.items() if key not in ("train_eps", "class_num", "pool_size")}
    (folder / "config.json").write_text(json.dumps(left_out))
    assert check_golden(Golden(folder)).status == "agrees"
    (folder / "config.json").write_text(json.dumps({**config, "hidden": "x"}))
    with pytest.raises(InputError, match="hidden = 'x'"):
        check_golden(Golden(folder))
