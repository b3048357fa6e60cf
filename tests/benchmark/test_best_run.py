import math

import pytest

from protea.benchmark.best_run import best_run, lowest_loss


@pytest.mark.parametrize(("higher_is_better", "expected"), [(True, "b"), (False, "a")])
def test_the_metric_decides_before_the_loss(higher_is_better: bool, expected: str) -> None:
    reached = {"a": (0.5, 0.9), "b": (0.9, 0.8), "c": (0.7, 0.1)}
    assert best_run(reached, higher_is_better=higher_is_better) == expected


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_ties_go_to_the_lowest_loss_and_then_to_the_first(higher_is_better: bool) -> None:
    assert best_run({1: (0.5, 0.3), 2: (0.5, 0.2), 3: (0.5, 0.4)}, higher_is_better=higher_is_better) == 2
    assert best_run({1: (0.5, math.inf), 2: (0.5, 0.2), 3: (0.5, 0.2)}, higher_is_better=higher_is_better) == 2


def test_the_lowest_loss_of_a_log() -> None:
    assert lowest_loss({"validation_loss": (0.9, math.nan, 0.6, 0.7)}) == 0.6
    assert lowest_loss({"validation_loss": (math.nan,)}) == lowest_loss({}) == math.inf
