"""`protea properties baselines` judges a user's own property beside its controls."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.made_properties import made_property
from tests.cli.command import protea, protea_json


def test_a_users_property(tmp_path: Path) -> None:
    save_config(made_property(tmp_path, 60), tmp_path / "own.yaml")
    words = (
        "properties",
        "baselines",
        "--data",
        tmp_path,
        "--out",
        tmp_path / "page.md",
        "--cache",
        tmp_path / "cache",
    )
    rows = protea_json(*words, "--only", tmp_path / "own.yaml", "--seeds", "1")
    assert [row["property"] for row in rows] == ["lysines"]
    assert "| lysines | test |" in (tmp_path / "page.md").read_text()
    refused = protea(*words, "--only", "disorder")
    assert refused.code == 2
    assert "no cheap columns for residues" in refused.err
