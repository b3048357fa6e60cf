"""`protea properties fit` leaves a page and a predictor, and goes on where it stopped."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.made_fit import made_config
from tests.cli.command import protea, protea_json


def test_fit_then_evaluate_then_resume(tmp_path: Path) -> None:
    save_config(made_config(tmp_path, 24), tmp_path / "fit.yaml")
    words = (
        "properties",
        "fit",
        tmp_path / "fit.yaml",
        "--data",
        tmp_path,
        "--out",
        tmp_path / "out",
        "--cache",
        tmp_path / "cache",
    )
    planned = protea_json(*words, "--dry-run")
    assert not (tmp_path / "out").exists()
    results = protea_json(*words)
    assert [(one["name"], one["num_train"]) for one in planned] == [(one["name"], one["num_train"]) for one in results]
    assert [one["num_test"]["test"] for one in planned] == [one["num_test"] for one in results]
    assert "nothing was trained" in protea(*words, "--dry-run").err
    assert [one["name"] for one in results] == ["lysines", "states"]
    assert all("is_negative_transfer" in one for one in results)
    assert "| lysines | test |" in (tmp_path / "out" / "report.md").read_text()
    again = protea(*words)
    assert again.code == 0
    assert "| states | test |" in again.out
    refused = protea(*words, "--set", "training.learning_rate=0.5")
    assert refused.code == 2
    assert "other settings" in refused.err
    found = protea_json(
        "properties", "evaluate", "lysines", _labelled(tmp_path), "--predictor", tmp_path / "out" / "predictor"
    )
    assert found["num_examples"] == 2
    assert found["unit"] == "tenths"


def _labelled(folder: Path) -> Path:
    path = folder / "mine.csv"
    path.write_text("sequence,target\nMKKKVL,5.0\nMAVLVLAA,0.0\n")
    return path
