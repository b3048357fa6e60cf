"""Intervals worked by hand; the page names what is above the reference, what is missing and what was published."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from protea.applications.interactions.comparison import run_interaction_comparison
from protea.applications.interactions.comparison_report import (
    Interval,
    interaction_markdown,
    lines_of_way,
    mean_interval,
    write_interaction_comparison,
)
from tests.applications.interactions.made_problem import telling_network, write_tables
from tests.applications.interactions.test_comparison import made_comparison


def cell(model: str, seed: int, value: float, messages: str | None = None) -> dict[str, Any]:
    return {
        "way": "bfs", "seed": seed, "model": model, "messages": messages, "micro_f1": value, "auprc": value,
        "published_protocol_micro_f1": None, "num_train": 6, "num_validation": 2, "num_test": 4,
        "classes": {"BS": {"num": 0, "micro_f1": None}, "ES": {"num": 3, "micro_f1": value},
                    "NS": {"num": 1, "micro_f1": value if seed else None}},
        "resampled_micro_f1": [value - 0.1, value, value + 0.1],
    }  # fmt: skip


def test_students_interval_worked_by_hand() -> None:
    found = mean_interval([0.5, 0.7])
    # sd .1414, standard error .1, t with one degree of freedom 12.706
    assert found == pytest.approx((0.6, 0.6 - 1.2706, 0.6 + 1.2706), abs=1e-4)
    assert mean_interval([0.5]) == (0.5, None, None)


def test_intervals_overlap_where_they_share_a_value() -> None:
    assert Interval(0.5, 0.4, 0.6).overlaps(Interval(0.65, 0.6, 0.7))
    assert not Interval(0.5, 0.4, 0.59).overlaps(Interval(0.65, 0.6, 0.7))
    assert Interval(0.5, None, None).overlaps(Interval(0.9, 0.8, 1.0))


def test_lines_hold_gains_on_the_same_splits_and_classes_where_they_exist() -> None:
    cells = [cell("base", 0, 0.5), cell("base", 1, 0.6), cell("net", 0, 0.56, "all"), cell("net", 1, 0.66, "all")]
    best, base = lines_of_way(cells, "base")
    assert (best.model, best.messages, base.gain) == ("net", "all", None)
    assert best.gain is not None
    assert best.gain == pytest.approx((0.06, 0.06, 0.06), abs=1e-9)
    assert best.classes["BS"] is None
    assert best.classes["NS"] == 0.66
    assert best.over_proteins.mean == pytest.approx(0.61)
    assert best.over_proteins.low == pytest.approx(0.515, abs=1e-3)


def test_the_page_says_what_is_above_the_reference() -> None:
    config = made_comparison().model_copy(update={"reference": "base", "ways": ("bfs", "random")})
    cells = [cell("base", seed, 0.5 + 0.01 * seed) for seed in range(3)]
    cells += [cell("net", seed, 0.7 + 0.01 * seed, "all") for seed in range(3)]
    cells += [cell("close", seed, 0.502 + 0.01 * seed) for seed in range(3)]
    page = interaction_markdown(config, cells)
    assert (
        "in micro-F1 over seeds: net (all); in micro-F1 over proteins: net (all); in AUPRC over seeds: net (all)."
        in page
    )
    assert "is above 0): net (all), close." in page
    assert "*GNN-PPI (a paper)*" in page
    assert "## random\n\nNot run." in page
    assert "Made up." in page


def test_files(tmp_path: Path) -> None:
    write_tables(tmp_path, telling_network())
    config = made_comparison()
    cells = run_interaction_comparison(config, tmp_path, tmp_path / "out", lambda line: None)
    write_interaction_comparison(config, cells, tmp_path, tmp_path / "out")
    with (tmp_path / "out" / "table.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 12
    assert {row["model"] for row in rows} == {"label_profile", "degree", "head"}
    origin = yaml.safe_load((tmp_path / "out" / "run.yaml").read_text())
    assert origin["network"]["pairs"] == 220
    assert len(origin["network"]["sha256"]) == 64
    assert "| label_profile |" in (tmp_path / "out" / "report.md").read_text()
