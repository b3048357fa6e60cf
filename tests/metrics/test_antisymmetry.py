"""Correlation and bias of both directions of a change, by hand."""

import numpy as np
import pytest

from protea.metrics.antisymmetry import (
    antisymmetry_bias,
    antisymmetry_bias_by_unit,
    antisymmetry_correlation,
    antisymmetry_correlation_by_unit,
)
from protea.metrics.undefined import UndefinedMetric

DIRECT = np.array([1.0, 2.0, 3.0])


def test_exact_negation_has_correlation_minus_one_and_no_bias() -> None:
    assert antisymmetry_correlation(DIRECT, -DIRECT) == -1.0
    assert antisymmetry_bias(DIRECT, -DIRECT) == 0.0


def test_hand_worked() -> None:
    # Middles: (1 + 0) / 2, (2 - 1) / 2, (3 - 5) / 2 = 0.5, 0.5, -1.
    reverse = np.array([0.0, -1.0, -5.0])
    assert antisymmetry_bias(DIRECT, reverse) == 0.0
    # Deviations -1, 0, 1 and 2, 1, -3: -5 / sqrt(2 * 14).
    assert antisymmetry_correlation(DIRECT, reverse) == pytest.approx(-5 / np.sqrt(28), abs=1e-15)


def test_a_model_that_calls_everything_destabilising_is_biased_by_what_it_says() -> None:
    # Same answer both ways: perfectly correlated the wrong way, and off by the mean answer.
    assert antisymmetry_correlation(DIRECT, DIRECT) == 1.0
    assert antisymmetry_bias(DIRECT, DIRECT) == 2.0


def test_a_shift_shows_in_the_bias_alone() -> None:
    assert antisymmetry_correlation(DIRECT + 1, 1 - DIRECT) == pytest.approx(-1.0, abs=1e-15)
    assert antisymmetry_bias(DIRECT + 1, 1 - DIRECT) == 1.0


def test_units_count_as_often_as_told_and_masks_leave_out() -> None:
    reverse, unit = np.array([-1.0, 0.0, -3.0]), np.array([0, 1, 2])
    assert antisymmetry_bias_by_unit(DIRECT, reverse, None, unit)(np.array([1, 2, 0])) == pytest.approx(2 / 3)
    assert antisymmetry_bias(DIRECT, reverse, np.array([True, False, True])) == 0.0
    statistic = antisymmetry_correlation_by_unit(DIRECT, reverse, None, unit)
    assert statistic(np.array([1, 0, 1])) == -1.0


def test_a_constant_has_a_bias_and_no_correlation() -> None:
    assert antisymmetry_bias(np.ones(3), np.ones(3)) == 1.0
    with pytest.raises(UndefinedMetric, match="correlation of direct and reverse"):
        antisymmetry_correlation(np.ones(3), -DIRECT)
