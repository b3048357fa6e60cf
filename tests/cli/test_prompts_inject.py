"""`protea prompts inject` in one command; it goes on where it stopped, and says what it would do."""

from pathlib import Path

import yaml

from tests.cli.command import protea, protea_json
from tests.cli.prompt_runs import write_injection


def test_one_command_trains_and_judges(tmp_path: Path) -> None:
    file = write_injection(tmp_path)
    words = ("prompts", "inject", file, "--out", tmp_path / "run", "--cache", tmp_path / "cache")
    shown = protea(*words)
    assert shown.code == 0, shown.err
    assert "test pairs: auroc" in shown.out
    assert "epoch 1: loss" in shown.err
    assert "left out for their likeness to tests: letters 0, pairs 0" in shown.err
    found = protea_json(*words)  # finished: read, not trained
    assert set(found["metrics"]["test"]) == {"letters", "pairs"}
    assert protea(*words, "--set", "injection_weight=3").code == 2


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = write_injection(tmp_path)
    found = protea_json("prompts", "inject", file, "--out", tmp_path / "run", "--dry-run")
    assert found["from"] == "random esm2"
    assert found["parameters"] > 1000
    assert not (tmp_path / "run").exists()


def test_a_wrong_file_is_2(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump({"new_prompts": {"ic": "normal"}, "tasks": {}}))
    assert protea("prompts", "inject", file, "--out", tmp_path / "run").code == 2
