"""`protea properties fit-change` leaves a predictor that `protea properties evaluate` judges on a file of variants."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.changes.test_antisymmetry import made_change_property
from tests.cli.command import protea, protea_json


def test_fit_and_evaluate(tmp_path: Path) -> None:
    save_config(made_change_property(tmp_path, 160), tmp_path / "made.yaml")
    words = ("properties", "fit-change", tmp_path / "made.yaml", "--data", tmp_path, "--out", tmp_path / "p",
             "--cache", tmp_path / "cache", "--function", "substitution")  # fmt: skip
    fitted = protea_json(*words)
    assert fitted["held_out"]["antisymmetry_bias"] == 0.0
    assert "antisymmetry_bias: 0.000" in protea(*words).out
    (tmp_path / "theirs.csv").write_text("sequence,mutation,target\nMKVLA,K2R,1\nMKVLA,V3D,2\n")
    asked = ("properties", "evaluate", "made", tmp_path / "theirs.csv", "--predictor", tmp_path / "p")
    assert protea_json(*asked)["metrics"]["antisymmetry_correlation"] == -1.0
    shown = protea(*asked)
    assert "positive = destabilising" in shown.out
    assert "interval_coverage" in shown.out
    refused = protea("properties", "fit-change", "solubility", "--data", tmp_path, "--out", tmp_path / "q")
    assert refused.code == 2
    assert "not a change of variants" in refused.err
