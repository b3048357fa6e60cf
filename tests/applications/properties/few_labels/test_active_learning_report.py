import csv
from pathlib import Path

import pytest

from protea.applications.properties.few_labels.active_learning import AcquisitionConfig, AcquisitionRow
from protea.applications.properties.few_labels.active_learning_report import (
    acquisition_markdown,
    paired_recall,
    verdict,
    write_acquisition,
)
from protea.applications.properties.labels.property import Property
from tests.applications.properties.made_properties import value_block

RECALL = {"random": (0.1, 0.2, 0.1), "greedy": (0.6, 0.8, 0.7), "uncertainty": (0.2, 0.2, 0.15)}
CONFIG = AcquisitionConfig(strategies=("random", "greedy", "uncertainty"), num_draws=3, num_rounds=1)


def made_rows() -> list[AcquisitionRow]:
    return [
        AcquisitionRow(
            property="lysines", strategy=strategy, draw=draw, round=done, num_measured=20 + 20 * done,
            best_found=3.0, regret=1.0, recall_of_top=recall * done, spearman_of_rest=None,
        )
        for strategy, recalls in RECALL.items() for draw, recall in enumerate(recalls) for done in (1, 0)
    ]  # fmt: skip


def test_differences_are_of_the_last_round_and_paired_by_draw() -> None:
    found = paired_recall(made_rows(), "lysines", "uncertainty", "greedy")
    assert found.difference == pytest.approx((0.2 + 0.2 + 0.15 - 0.6 - 0.8 - 0.7) / 3)
    assert found.high < 0
    assert verdict(found, "uncertainty", "greedy") == "uncertainty finds less than greedy"
    against = paired_recall(made_rows(), "lysines", "uncertainty", "random")
    assert verdict(against, "uncertainty", "random") == "uncertainty is not shown to beat random"


def test_the_page_says_in_words_where_uncertainty_does_not_win() -> None:
    page = acquisition_markdown({"lysines": Property.model_validate(value_block())}, made_rows(), CONFIG, "protea x")
    assert "- uncertainty finds less than greedy: -0.517" in page
    assert "- uncertainty against greedy: less on lysines." in page
    assert "- uncertainty against random: neither on lysines." in page
    assert "- greedy against random: more on lysines." in page
    assert "| greedy | 3.000 ± 0.000 | 1.000 ± 0.000 | 0.700 ± 0.082 | - |" in page


def test_the_table_has_a_line_per_row(tmp_path: Path) -> None:
    write_acquisition(made_rows(), tmp_path / "rows.csv")
    lines = list(csv.DictReader((tmp_path / "rows.csv").read_text().splitlines()))
    assert len(lines) == 18
    assert lines[0]["recall_of_top"] == "0.1"
    assert lines[0]["spearman_of_rest"] == ""
