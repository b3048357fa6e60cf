"""The table of an ablation as Markdown, CSV and JSON."""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from protea.applications.prompts.ablation import AblationRow, SummaryRow, summary
from protea.training.evaluation import is_higher_better

__all__ = ["markdown_table", "write_ablation"]


def markdown_table(rows: Sequence[SummaryRow]) -> str:
    """Return the summary as Markdown, a table per task and metric, what the intervals are over below."""
    parts = []
    for task, metric in dict.fromkeys((row.task, row.metric) for row in rows):
        chosen = [row for row in rows if (row.task, row.metric) == (task, metric)]
        direction = "higher is better" if is_higher_better(metric) else "lower is better"
        parts += [
            f"## {task}: {metric} ({direction})\n",
            "| prompts | role | value | 95 % interval | deviation | to no prompt | 95 % interval |",
            "|---|---|---|---|---|---|---|",
            *(_line(row) for row in chosen),
            "",
        ]
    num_runs = max((row.num_runs for row in rows), default=0)
    over = f"over {num_runs} runs (Student)" if num_runs > 1 else "of one run, over proteins (bootstrap)"
    parts.append(f"Intervals are {over}. Roles: own, the prompts of the task; wrong, prompts of other tasks only.")
    return "\n".join(parts) + "\n"


def _line(row: SummaryRow) -> str:
    cells = [
        row.condition, row.role, f"{row.mean:.4f}", _bounds(row.low, row.high),
        "" if row.deviation is None else f"{row.deviation:.4f}",
        "" if row.role == "none" else f"{row.difference:+.4f}", _bounds(row.difference_low, row.difference_high),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _bounds(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.4f} to {high:.4f}"


def write_ablation(rows: Sequence[AblationRow], folder: Path) -> tuple[Path, ...]:
    """Write `ablation.md`, `ablation.csv` (a row per run) and `ablation.json` (the summary)."""
    folder.mkdir(parents=True, exist_ok=True)
    table, plain, tree = (folder / f"ablation.{suffix}" for suffix in ("md", "csv", "json"))
    found = summary(rows)
    table.write_text("# Ablation of prompts\n\n" + markdown_table(found), encoding="utf-8")
    with plain.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, [item.name for item in fields(AblationRow)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    tree.write_text(json.dumps([asdict(row) for row in found], indent=1) + "\n", encoding="utf-8")
    return table, plain, tree
