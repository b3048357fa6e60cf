"""The table of an ablation says the numbers and what its intervals are over."""

import csv
import json
from pathlib import Path

from protea.applications.prompts.ablation import AblationRow, summary
from protea.applications.prompts.ablation_report import markdown_table, write_ablation

ROWS = [
    AblationRow("a", 0, "pairs", "auroc", "none", "none", 0.5, 0.4, 0.6, 20),
    AblationRow("a", 0, "pairs", "auroc", "ic", "own", 0.75, 0.7, 0.8, 20),
    AblationRow("a", 0, "letters", "perplexity", "none", "none", 12.0, None, None, 20),
]


def test_a_table_per_task_and_metric() -> None:
    text = markdown_table(summary(ROWS))
    assert "## pairs: auroc (higher is better)" in text
    assert "## letters: perplexity (lower is better)" in text
    assert "| ic | own | 0.7500 | 0.7000 to 0.8000 |  | +0.2500 |  |" in text
    assert "| none | none | 12.0000 |  |  |  |  |" in text
    assert "of one run, over proteins (bootstrap)" in text


def test_several_runs_have_an_interval_over_runs() -> None:
    text = markdown_table(summary([*ROWS[:2], *(row.__class__(**{**vars(row), "run": "b"}) for row in ROWS[:2])]))
    assert "over 2 runs (Student)" in text
    assert "| ic | own | 0.7500 | 0.7500 to 0.7500 | 0.0000 | +0.2500 | 0.2500 to 0.2500 |" in text


def test_the_files_hold_the_rows(tmp_path: Path) -> None:
    table, plain, tree = write_ablation(ROWS, tmp_path / "out")
    assert table.read_text().startswith("# Ablation of prompts")
    with plain.open() as handle:
        found = list(csv.DictReader(handle))
    assert [float(row["value"]) for row in found] == [0.5, 0.75, 12.0]
    assert json.loads(tree.read_text())[1]["difference"] == 0.25
