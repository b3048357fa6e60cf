import csv
from pathlib import Path

import pytest

from protea.applications.properties.few_labels.drawn_labels import FewShotConfig
from protea.applications.properties.few_labels.few_shot import FewShotRow
from protea.applications.properties.few_labels.few_shot_report import (
    few_shot_markdown,
    gain_over_control,
    write_few_shot,
)
from protea.applications.properties.labels.property import Property
from tests.applications.properties.made_properties import value_block

ERRORS = {
    ("trivial", 10): (2.0, 2.1),
    ("trivial", 20): (2.0, 2.1),
    ("ridge", 10): (1.0, 3.0),
    ("ridge", 20): (1.0, 1.1),
}
CONFIG = FewShotConfig(sizes=(10, 20), num_draws=2, models=("trivial", "ridge"))


def made_rows() -> list[FewShotRow]:
    return [
        FewShotRow(
            property="lysines", test="test", model=model, num_labels=size, draw=draw, num_test=50,
            metrics={"spearman": None if model == "trivial" else 0.5, "mae": 1.0}, rmse=error, coverage=0.92,
            mean_width=5.0, way="CV+",
        )
        for (model, size), errors in ERRORS.items() for draw, error in reversed(list(enumerate(errors)))
    ]  # fmt: skip


def test_the_gain_is_paired_by_draw() -> None:
    found = gain_over_control(made_rows(), "test", "ridge", 20)
    assert (found.difference, found.low) == pytest.approx((1.0, 1.0))
    assert gain_over_control(made_rows(), "test", "ridge", 10).low < 0


def test_the_page_says_from_how_many_labels_on_a_model_is_worth_it() -> None:
    page = few_shot_markdown(Property.model_validate(value_block()), made_rows(), CONFIG, "cheap ones", "protea x")
    assert "| 10 | trivial | - | 2.050 ± 0.050 |  | 0.920 | 5 | CV+ |" in page
    assert "| 20 | ridge | 0.500 ± 0.000 | 1.050 ± 0.050 | **+1.000 (+1.000 to +1.000)** |" in page
    assert "- ridge: better than the mean of the labels from 20 labels on." in page
    only = few_shot_markdown(
        Property.model_validate(value_block()), made_rows(), CONFIG.model_copy(update={"sizes": (10,)}), "x", "y"
    )
    assert "- ridge: not shown to be better than the mean of the labels at 10 labels." in only


def test_the_table_has_a_line_per_row(tmp_path: Path) -> None:
    write_few_shot(made_rows(), tmp_path / "rows.csv")
    lines = list(csv.DictReader((tmp_path / "rows.csv").read_text().splitlines()))
    assert len(lines) == 8
    assert (lines[0]["spearman"], lines[0]["mae"], lines[0]["way"]) == ("", "1", "CV+")
