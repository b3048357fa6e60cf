"""`protea interactions compare` writes what the library finds, and goes on where it stopped."""

from pathlib import Path

from protea.config import save_config
from tests.applications.interactions.made_problem import telling_network, write_tables
from tests.applications.interactions.test_comparison import made_comparison
from tests.cli.command import protea, protea_json


def test_run_resume_and_refuse(tmp_path: Path) -> None:
    write_tables(tmp_path, telling_network())
    save_config(made_comparison(), tmp_path / "compare.yaml")
    words = ("interactions", "compare", tmp_path / "compare.yaml", "--data", tmp_path, "--out", tmp_path / "out")
    first = protea(*words)
    assert first.code == 0
    assert first.err.count("micro-F1") == 12
    assert "12 cells" in first.out
    cells = protea_json(*words)
    assert {cell["model"] for cell in cells} == {"label_profile", "degree", "head"}
    assert "| label_profile |" in (tmp_path / "out" / "report.md").read_text()
    refused = protea(*words, "--set", "num_resamples=7")
    assert refused.code == 2
    assert "other data or settings" in refused.err
