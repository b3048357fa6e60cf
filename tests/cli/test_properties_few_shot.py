"""`protea properties few-shot` judges models on few labels of a user's own property."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.made_properties import made_property
from tests.cli.command import protea, protea_json


def test_a_users_property(tmp_path: Path) -> None:
    save_config(made_property(tmp_path, 60), tmp_path / "own.yaml")
    words = ("properties", "few-shot", tmp_path / "own.yaml", "--data", tmp_path, "--out", tmp_path / "page.md")
    words = (*words, "--cache", tmp_path / "cache", "--model", "trivial", "--model", "ridge", "--draws", "2")
    rows = protea_json(*words, "--size", "10", "--size", "20")
    assert {(row["model"], row["num_labels"]) for row in rows} == {
        ("trivial", 10), ("trivial", 20), ("ridge", 10), ("ridge", 20)
    }  # fmt: skip
    assert "| 20 | ridge |" in (tmp_path / "page.md").read_text()
    assert len((tmp_path / "page.csv").read_text().splitlines()) == 1 + len(rows)
    refused = protea(*words, "--size", "5")
    assert refused.code == 2
    assert "9 labels" in refused.err
