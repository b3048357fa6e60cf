"""`protea bench evaluate`: values with intervals per input, task and metric; nothing but JSON with --json."""

from pathlib import Path

from tests.benchmark.made_runs import write_complexes, write_run
from tests.cli.command import protea, protea_json


def test_json_and_text_hold_the_same_values(tmp_path: Path) -> None:
    run, data = write_run(tmp_path / "run"), write_complexes(tmp_path / "data")
    found = protea_json("bench", "evaluate", run, "--data", data, "--resamples", "10")
    metrics = found["variants"]["unbound"]["tasks"]["interface"]
    assert set(metrics) == {"auprc", "auroc"}
    assert metrics["auprc"]["low"] <= metrics["auprc"]["value"] <= metrics["auprc"]["high"]
    assert metrics["auprc"]["num_units"] == 3
    text = protea("bench", "evaluate", run, "--data", data, "--resamples", "10")
    assert text.code == 0
    assert f"{metrics['auprc']['value']:.4f}" in text.out
    assert "3 x complex" in text.out


def test_wrong_input_is_2(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    assert "no such file" in protea("bench", "evaluate", run, "--data", tmp_path / "absent").err
    assert "run.yaml" in protea("bench", "evaluate", tmp_path, "--data", tmp_path).err
    assert protea("bench", "evaluate", run, "--data", run, "--set", "no.such=1").code == 2
