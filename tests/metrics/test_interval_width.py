import numpy as np
import pytest

from protea.metrics.interval_width import interval_width, interval_width_by_unit, mean_or_infinity_by_unit


def test_hand_worked() -> None:
    assert interval_width(np.zeros(2), np.array([[0.0, 1.0], [-2.0, 1.0]])) == 2.0


def test_one_infinite_interval_makes_the_mean_infinite_only_where_it_is_counted() -> None:
    interval = np.array([[0.0, 1.0], [-np.inf, 1.0]])
    assert interval_width(np.zeros(2), interval) == np.inf
    assert interval_width(np.zeros(2), interval, np.array([True, False])) == 1.0
    statistic = interval_width_by_unit(np.zeros(2), interval, None, np.array([0, 1]))
    assert statistic(np.array([2, 0])) == 1.0
    assert statistic(np.array([0, 1])) == np.inf


def test_mean_without_infinity_is_the_mean() -> None:
    statistic = mean_or_infinity_by_unit(np.array([1.0, 2.0, 6.0]), np.array([0, 1, 1]))
    assert statistic(np.array([1, 2])) == pytest.approx(17 / 5, abs=1e-15)
