"""The mean over labels: labels without a value are left out, and counts of units reach every label."""

import numpy as np
import pytest

from protea.metrics.macro import macro_over_labels
from protea.metrics.undefined import UndefinedMetric


def positives(target, score, mask, unit):
    """A made-up metric: the number of positives, which a label without any does not have."""

    def statistic(count: np.ndarray) -> float:
        total = float((count[unit] * target).sum())
        if total == 0:
            raise UndefinedMetric("none")
        return total

    return statistic


TARGET = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 0]])
SCORE = np.zeros((3, 3))


def test_labels_without_a_value_are_left_out() -> None:
    statistic = macro_over_labels(positives, "nothing", TARGET, SCORE, None, np.array([0, 1, 2]))
    assert statistic(np.array([1, 1, 1])) == pytest.approx((3 + 1) / 2)
    assert statistic(np.array([1, 0, 2])) == 3  # the third label has lost its positive


def test_masked_entries_do_not_count() -> None:
    mask = np.array([[True, True, True], [True, True, False], [False, True, True]])
    assert macro_over_labels(positives, "nothing", TARGET, SCORE, mask)(np.ones(1, dtype=np.int64)) == 2


def test_no_label_with_a_value_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="nothing"):
        macro_over_labels(positives, "nothing", np.zeros((2, 2)), np.zeros((2, 2)))(np.ones(1, dtype=np.int64))
