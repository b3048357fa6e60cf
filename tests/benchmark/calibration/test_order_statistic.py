import math

import numpy as np
import pytest

from protea.benchmark.calibration.order_statistic import (
    conformal_quantile,
    conformal_rank,
    least_units,
    unit_index,
    weighted_conformal_quantile,
)
from protea.errors import InputError


@pytest.mark.parametrize(
    ("num", "level", "rank"), [(9, 0.9, 9), (8, 0.9, 9), (99, 0.9, 90), (100, 0.9, 91), (19, 0.95, 19)]
)
def test_rank_by_hand(num: int, level: float, rank: int) -> None:
    assert conformal_rank(num, level) == rank


@pytest.mark.parametrize("level", [0.5, 0.55, 0.7, 0.9, 0.95, 0.99])
def test_rank_is_exact_where_the_product_is_whole(level: float) -> None:
    # 100 * 0.55 is 55.00000000000001 in doubles.
    for num in (99, 199, 999):
        assert conformal_rank(num, level) == round((num + 1) * level)


def test_too_few_points_give_an_infinite_bound_not_the_largest() -> None:
    assert least_units(0.9) == 9
    assert conformal_quantile(np.arange(8.0), 0.9) == math.inf
    assert conformal_quantile(np.arange(9.0), 0.9) == 8.0
    assert least_units(0.95) == 19


def test_kth_smallest_whatever_the_order() -> None:
    score = np.random.default_rng(0).permutation(np.arange(1.0, 100.0))
    assert conformal_quantile(score, 0.9) == 90.0
    assert conformal_quantile(score, 0.5) == 50.0


def test_a_new_score_is_below_as_often_as_promised() -> None:
    # Every one of 20 equally likely places of the new score among 19: at most the 18th with probability 18 / 20.
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4000, 20))
    is_below = [row[-1] <= conformal_quantile(row[:-1], 0.9) for row in draws]
    assert np.mean(is_below) == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 4000))


def test_units_of_one_item_each_change_nothing() -> None:
    score = np.random.default_rng(2).normal(size=37)
    names = np.array([f"p{i}" for i in range(37)])
    assert conformal_quantile(score, 0.8, names) == conformal_quantile(score, 0.8)
    weights = np.ones(37)
    assert weighted_conformal_quantile(score, weights, np.ones(1), 0.8)[0] == conformal_quantile(score, 0.8)


def test_units_by_hand() -> None:
    # Units a (1, 2) and b (10) weigh a third each, infinity the last: the half lies at 10, two thirds too, more beyond.
    score, unit = np.array([1.0, 2.0, 10.0]), np.array(["a", "a", "b"])
    assert conformal_quantile(score, 0.3, unit) == 2.0
    assert conformal_quantile(score, 0.1, unit) == 1.0
    assert conformal_quantile(score, 2 / 3, unit) == 10.0
    assert conformal_quantile(score, 0.7, unit) == math.inf


def test_a_long_unit_counts_as_one() -> None:
    score = np.concatenate([np.arange(1.0, 20.0), np.full(1000, 0.0)])
    unit = np.concatenate([np.arange(19), np.full(1000, 19)])
    # 20 units: the rank is 19 of 20 (with infinity 21), although 1000 items lie at 0.
    assert conformal_quantile(score, 0.9, unit) == 18.0
    assert conformal_quantile(score, 0.9) == 0.0


def test_weights_by_hand() -> None:
    score, weight = np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])
    # Half of 4 + 1 is 2.5: weight up to score 1 is 2, up to 2 is 3. A new weight of 100 leaves infinity.
    found = weighted_conformal_quantile(score, weight, np.array([1.0, 100.0, 0.0]), 0.5)
    np.testing.assert_array_equal(found, [2.0, np.inf, 1.0])


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(InputError, match="level is 1"):
        conformal_quantile(np.ones(3), 1.0)
    with pytest.raises(InputError, match="NaN"):
        conformal_quantile(np.array([np.nan, 1.0]), 0.5)
    with pytest.raises(InputError, match="no calibration item"):
        conformal_quantile(np.zeros(0), 0.5)
    with pytest.raises(InputError, match="weights from 0"):
        weighted_conformal_quantile(np.ones(2), np.array([1.0, -1.0]), np.ones(1), 0.5)
    with pytest.raises(InputError, match="one per item"):
        unit_index(np.arange(3), 4)
