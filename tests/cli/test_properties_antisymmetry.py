"""`protea properties antisymmetry` writes a page and a table, and refuses what is no change."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.changes.test_antisymmetry import made_change_property
from tests.cli.command import protea, protea_json


def test_page_table_and_refusals(tmp_path: Path) -> None:
    save_config(made_change_property(tmp_path, 160), tmp_path / "made.yaml")
    words = ("properties", "antisymmetry", "--data", tmp_path, "--out", tmp_path / "deep" / "both.md", "--seeds", "1")
    found = protea_json(*words, "--property", tmp_path / "made.yaml", "--cache", tmp_path / "cache")
    page = (tmp_path / "deep" / "both.md").read_text()
    assert len(found) == 13
    assert all(f"| {row['model']} | {row['way']} |" in page for row in found)
    assert len((tmp_path / "deep" / "both.csv").read_text().splitlines()) == 14
    refused = protea(*words, "--property", "solubility")
    assert refused.code == 2
    assert "no change to turn round" in refused.err
