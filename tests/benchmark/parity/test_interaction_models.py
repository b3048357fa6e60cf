"""GNN-PPI's golden agrees; the same golden with other weights or decisions does not."""

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
