"""`protea function compare` writes the page and a run that `protea function predict` reads."""

import json
from pathlib import Path

import yaml

from tests.applications.function.made_chains import made_config, write_tables
from tests.cli.command import protea


def test_compare_writes_page_and_run(tmp_path: Path) -> None:
    write_tables(tmp_path)
    config = made_config().model_dump(mode="json")
    (tmp_path / "made.yaml").write_text(yaml.safe_dump(config))
    found = protea(
        "function", "compare", tmp_path / "made.yaml", "--data", tmp_path, "--out", tmp_path / "out", "--run",
        tmp_path / "run", "--set", "fit.epochs=1", "--json",
    )  # fmt: skip
    assert found.code == 0, found
    assert json.loads(found.out) == json.loads((tmp_path / "out" / "made.json").read_text())
    page = (tmp_path / "out" / "made.md").read_text()
    assert f"`protea function compare {tmp_path / 'made.yaml'} --data {tmp_path}" in page
    assert "--set fit.epochs=1" in page
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"function.json", "weights.safetensors"}
    assert "axioms, K = 1: F-max" in found.err


def test_wrong_configuration_leaves_with_two(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\n")
    found = protea("function", "compare", tmp_path / "a.yaml", "--data", tmp_path, "--out", tmp_path)
    assert found.code == 2
    assert "chains" in found.err
