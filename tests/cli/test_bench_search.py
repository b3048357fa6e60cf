"""`protea bench search`: what is found, what every encoder gets, and that it is refused to change that."""

from pathlib import Path

import pytest
import yaml

from tests.cli.command import protea, protea_json

pytest.importorskip("optuna", reason="needs the extra `search`")

GRID = {
    "suite": {"kind": "diagnostics", "source": {"kind": "generated", "num_proteins": 12}},
    "encoders": {name: {"kind": name, "hidden_dim": 8} for name in ("schnet", "local_frame")},
    "schemes": ["ca_base"],
    "search_epochs": 1,
    "training": {"batch": {"max_proteins": 8, "max_residues": 4000}},
}
SPACE = {"parameters": {"training.learning_rate": {"kind": "float", "low": 1e-4, "high": 1e-2, "log": True}}}


def test_encoders_of_one_comparison_get_one_budget(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text(yaml.safe_dump(GRID))
    (tmp_path / "space.yaml").write_text(yaml.safe_dump(SPACE))
    words = ("bench", "search", tmp_path / "grid.yaml", "--space", tmp_path / "space.yaml", "--out", tmp_path / "out",
             "--cache", tmp_path / "cache")  # fmt: skip
    found = protea_json(*words, "--encoder", "schnet", "--trials", "1")["found"]
    assert [(one["encoder"], one["trials_done"]) for one in found] == [("schnet", 1)]
    more = protea(*words, "--encoder", "local_frame", "--trials", "2")
    assert (more.code, "the same budget" in more.err) == (2, True)
    told = protea(*words, "--encoder", "local_frame", "--trials", "1")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert lines[0].startswith("every encoder: 1 trials of at most 1 epochs, proposed by tpe, seed 0")
    assert [line.split()[0] for line in lines[1::2]] == ["local_frame", "schnet"]
    assert lines[4] == f"  --set {found[0]['overrides'][0]}"
