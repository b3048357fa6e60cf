"""What is bold is better than both controls by more than its deviation over seeds."""

import pytest

from protea.applications.properties.cheap.baseline_report import baseline_report
from protea.applications.properties.cheap.baselines import BaselineRow
from protea.applications.properties.labels.property import Property
from tests.applications.properties.made_properties import value_block


def row(seed: int, trivial: float | None, nearest: float | None, cheap: float) -> BaselineRow:
    metrics = {"trivial": {"spearman": trivial}, "nearest": {"spearman": nearest}, "cheap": {"spearman": cheap}}
    return BaselineRow(
        property="lysines", test="test", seed=seed, num_train=1000, num_validation=1, num_test=20,
        num_left_out={"no sequence": 17280}, leakage=None, note="", metrics=metrics,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cheap", "metric", "is_bold"),
    [((0.5, 0.6), "spearman", True), ((0.3, 0.5), "spearman", False), ((0.3, 0.31), "spearman", False)],
)
def test_bold_is_earned(cheap: tuple[float, float], metric: str, is_bold: bool) -> None:
    item = Property.model_validate(value_block() | {"metric": metric})
    page = baseline_report([row(i, None, 0.35, value) for i, value in enumerate(cheap)], {"lysines": item}, "x")
    line = next(line for line in page.splitlines() if line.startswith("| lysines"))
    assert ("**" in line) == is_bold
    assert "| 1,000 | 20 | - | - | spearman | - | 0.350" in line
    assert "no sequence: 17,280" in page
