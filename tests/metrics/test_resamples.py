import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.catalogue import METRICS, Metric
from protea.metrics.resamples import (
    counts_of_pairs,
    counts_of_resamples,
    index_units,
    statistic_of,
    statistic_of_function,
)
from tests.metrics.cases import random_case


def test_units_without_a_counted_sample_are_not_drawn() -> None:
    unit = np.array(["b", "a", "b", "c"])
    idx, num_units = index_units(unit, (4,), np.array([True, False, True, True]))
    assert num_units == 2
    assert idx[0] == idx[2] == 0
    assert idx[3] == 1


def test_mask_of_entries_and_units_of_rows() -> None:
    mask = np.array([[False, False], [True, False], [False, True]])
    idx, num_units = index_units(np.array([9, 7, 8]), (3, 2), mask)
    assert num_units == 2
    np.testing.assert_array_equal(idx[1:], [0, 1])


def test_mask_of_rows_and_units_of_entries() -> None:
    idx, num_units = index_units(np.array([[5, 6], [7, 7]]), (2, 2), np.array([True, False]))
    assert num_units == 2
    np.testing.assert_array_equal(idx[0], [0, 1])


def test_draws_are_repeatable_and_as_many_as_units() -> None:
    first, again = (list(counts_of_resamples(7, 50, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert all(count.sum() == 7 for count in first)
    assert not np.array_equal(first, list(counts_of_resamples(7, 50, seed=4)))


def test_each_unit_is_drawn_once_on_average_with_binomial_spread() -> None:
    counts = np.array(list(counts_of_resamples(10, 4000, seed=0)))
    np.testing.assert_allclose(counts.mean(axis=0), 1.0, atol=0.06)
    np.testing.assert_allclose(counts.var(axis=0), 0.9, atol=0.08)


def test_one_unit_gives_no_interval() -> None:
    with pytest.raises(InputError, match="1 unit"):
        index_units(np.array([3, 3]), (2,), None)


def test_ids_are_not_floats() -> None:
    with pytest.raises(InputError, match="integer or string ids"):
        index_units(np.array([1.0, 2.0]), (2,), None)


# A repeated map would be one map of twice as many cells, a repeated group one group; `test_catalogue.py` repeats them
# under new numbers.
REPEATABLE = {name: metric for name, metric in METRICS.items() if metric.needs not in ("map", "grouped")}


@pytest.mark.parametrize("metric", REPEATABLE.values(), ids=REPEATABLE.keys())
def test_prepared_and_repeated_statistics_agree_on_every_draw_under_a_mask(metric: Metric) -> None:
    case = random_case(metric, 11)
    mask = np.random.default_rng(1).random(len(case.unit)) < 0.8
    unit, num_units = index_units(case.unit, case.target.shape, mask)
    fast = statistic_of(metric, case.target, case.score, mask, unit)
    slow = statistic_of(metric.function, case.target, case.score, mask, unit)
    for count in counts_of_resamples(num_units, 20, seed=0):
        assert fast(count) == pytest.approx(slow(count), abs=1e-12)


def test_repetition_wants_one_unit_per_row() -> None:
    square = np.zeros((2, 2))
    with pytest.raises(InputError, match="one id per row"):
        statistic_of_function(METRICS["rmse"].function, square, square, None, np.zeros((2, 2), dtype=np.int64))


def test_a_pair_counts_as_often_as_both_of_its_units_and_a_pair_of_one_unit_as_that() -> None:
    found = counts_of_pairs(np.array([2, 3, 0]), np.array([[0, 1], [1, 1], [1, 2], [2, 2]]))
    assert found.tolist() == [6, 3, 0, 0]


def test_of_several_scores_the_mean_of_their_metrics_is_told() -> None:
    rng = np.random.default_rng(5)
    target, unit = rng.random(40) < 0.5, np.arange(40) // 4
    scores = [rng.normal(size=40), 100 * rng.normal(size=40)]
    metric = METRICS["auroc"]
    together = statistic_of(metric, target, scores, None, unit)
    for count in [np.ones(10, dtype=np.int64), *counts_of_resamples(10, 5, seed=0)]:
        each = [statistic_of(metric, target, score, None, unit)(count) for score in scores]
        assert together(count) == pytest.approx(np.mean(each))
    with pytest.raises(InputError, match="no scores were given"):
        statistic_of(metric, target, [], None, unit)
