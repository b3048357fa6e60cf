"""`protea properties acquire` plays strategies on a measured set."""

from pathlib import Path

from protea.config import save_config
from tests.applications.properties.made_properties import made_property
from tests.cli.command import protea, protea_json

SETTINGS = (
    "num_pool=100",
    "num_first=10",
    "num_rounds=1",
    "batch_size=10",
    "num_draws=2",
    "strategies=[random, greedy]",
)


def test_a_users_property(tmp_path: Path) -> None:
    save_config(made_property(tmp_path, 110), tmp_path / "own.yaml")
    words = ("properties", "acquire", tmp_path / "own.yaml", "--data", tmp_path, "--out", tmp_path / "page.md")
    rows = protea_json(*words, *(word for one in SETTINGS for word in ("--set", one)))
    assert len(rows) == 2 * 2 * 2
    assert "- greedy against random:" in (tmp_path / "page.md").read_text()
    assert len((tmp_path / "page.csv").read_text().splitlines()) == 1 + len(rows)
    refused = protea(*words)
    assert refused.code == 2
    assert "smaller pool" in refused.err
