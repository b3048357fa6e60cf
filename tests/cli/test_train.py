"""`protea train`: a dry run checks, a run writes what `predict` and `bench evaluate` read."""

from pathlib import Path

import yaml

from tests.benchmark.made_runs import write_complexes
from tests.benchmark.test_train_run import config
from tests.cli.command import protea, protea_json


def test_train_then_predict_then_evaluate(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    file, out = tmp_path / "train.yaml", tmp_path / "run"
    file.write_text(yaml.safe_dump(config(data).model_dump(mode="json")))
    dry = protea_json("train", file, "--out", out, "--dry-run", "--set", "training.epochs=1")
    assert dry["config"]["training"]["epochs"] == 1
    assert dry["parameters"] > 0
    assert not out.exists()
    words = ("train", file, "--out", out, "--cache", tmp_path / "cache", "--set", "training.epochs=1")
    found = protea_json(*words)
    assert 0 <= found["metrics"]["test"]["interface"]["auroc"] <= 1
    assert found["run"] == str(out)
    again = protea(*words)
    assert again.code == 0
    assert "test interface: auroc" in again.out
    assert protea("bench", "predict", data / "1ABC" / "1ABC_l_u.pdb", "--run", out).code == 0
    assert protea("bench", "evaluate", out, "--data", data, "--resamples", "5").code == 0


def test_wrong_configuration_is_2(tmp_path: Path) -> None:
    assert protea("train", tmp_path / "absent.yaml", "--out", tmp_path).code == 2
    file = tmp_path / "train.yaml"
    file.write_text(yaml.safe_dump(config(tmp_path).model_dump(mode="json")))
    found = protea("train", file, "--out", tmp_path / "run", "--dry-run", "--set", "model.encoder.kind=luck")
    assert found.code == 2
    assert "schnet" in found.err
