import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import METRICS, Metric
from protea.metrics.undefined import UndefinedMetric
from tests.metrics.cases import random_case

# Cells of a map that is drawn twice would be one map, and so would a group; these metrics are held against weights in
# tests of their own.
OF_ITEMS = {name: metric for name, metric in METRICS.items() if metric.needs not in ("map", "grouped")}


@pytest.mark.parametrize("metric", OF_ITEMS.values(), ids=OF_ITEMS.keys())
def test_fast_way_gives_the_interval_of_the_naive_way(metric: Metric) -> None:
    case = random_case(metric, 21)
    fast = bootstrap_interval(metric, case.target, case.score, case.unit, num_resamples=40)
    naive = bootstrap_interval(metric.function, case.target, case.score, case.unit, num_resamples=40)
    assert fast.estimate == pytest.approx(naive.estimate, abs=1e-12)
    assert (fast.low, fast.high) == pytest.approx((naive.low, naive.high), abs=1e-12)
    assert (fast.num_units, fast.num_undefined_resamples) == (12, 0)
    assert fast.low < fast.estimate < fast.high


def test_two_units_by_hand() -> None:
    # accuracy 0 in unit a, 1 in unit b: resamples aa, ab, ba, bb give 0, 1/2, 1/2, 1
    target, prediction, unit = np.array([1, 1]), np.array([0, 1]), np.array(["a", "b"])
    interval = bootstrap_interval(METRICS["accuracy"], target, prediction, unit, num_resamples=400)
    assert (interval.low, interval.estimate, interval.high) == (0.0, 0.5, 1.0)


def test_repeated_samples_of_a_unit_do_not_narrow_the_interval() -> None:
    rng = np.random.default_rng(0)
    target, prediction, unit = rng.normal(size=30), rng.normal(size=30), np.arange(30)
    once = bootstrap_interval(METRICS["rmse"], target, prediction, unit)
    copied = [np.repeat(array, 50) for array in (target, prediction, unit)]
    many = bootstrap_interval(METRICS["rmse"], *copied)
    assert (many.low, many.high) == pytest.approx((once.low, once.high), abs=1e-12)
    as_if_independent = bootstrap_interval(METRICS["rmse"], copied[0], copied[1], np.arange(1500))
    assert as_if_independent.high - as_if_independent.low < 0.3 * (once.high - once.low)


def test_standard_width_of_a_mean() -> None:
    # MAE of n exponential errors is a mean: its interval has half width 1.96 sd / sqrt(n)
    error = np.random.default_rng(1).exponential(size=400)
    interval = bootstrap_interval(METRICS["mae"], np.zeros(400), error, np.arange(400), num_resamples=2000)
    expected = 2 * 1.96 * error.std() / 20
    assert interval.high - interval.low == pytest.approx(expected, rel=0.08)


def test_level_and_seed() -> None:
    case = random_case(METRICS["spearman"], 2)
    arguments = (METRICS["spearman"], case.target, case.score, case.unit)
    wide, narrow = bootstrap_interval(*arguments), bootstrap_interval(*arguments, level=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert bootstrap_interval(*arguments) == wide
    assert bootstrap_interval(*arguments, seed=1) != wide


def test_covers_the_truth_about_as_often_as_promised_where_residues_of_a_protein_err_together() -> None:
    # 40 proteins of 10 residues; errors share a protein-wide part. True MAE of N(0, 2): sqrt(2 * 2 / pi).
    rng = np.random.default_rng(7)
    truth = np.sqrt(4 / np.pi)
    unit = np.repeat(np.arange(40), 10)
    num_trials = 200
    covered = np.zeros(2)
    for _ in range(num_trials):
        error = np.repeat(rng.normal(size=40), 10) + rng.normal(size=400)
        for which, ids in enumerate((unit, np.arange(400))):
            interval = bootstrap_interval(METRICS["mae"], np.zeros(400), error, ids, num_resamples=200)
            covered[which] += interval.low <= truth <= interval.high
    by_protein, by_residue = covered / num_trials
    assert 0.88 <= by_protein <= 0.98
    assert by_residue < 0.8  # the mistake that units prevent


def test_undefined_resamples_are_counted_and_left_out() -> None:
    # one of three units holds the only positive: it is missing from (2/3)^3 = .296 of the resamples
    interval = bootstrap_interval(
        METRICS["auprc"], np.array([1, 0, 0]), np.array([0.9, 0.5, 0.1]), np.arange(3), num_resamples=2000
    )
    assert interval.num_undefined_resamples / 2000 == pytest.approx(8 / 27, abs=0.03)
    assert (interval.low, interval.high) == (1.0, 1.0)


def test_metric_without_value_on_all_data_is_an_error() -> None:
    with pytest.raises(UndefinedMetric):
        bootstrap_interval(METRICS["auroc"], np.zeros(4), np.arange(4.0), np.arange(4))


def test_masked_units_do_not_count() -> None:
    target, prediction = np.arange(6.0), np.array([1.0, 0, 4, 3, np.nan, np.nan])
    mask = np.array([True] * 4 + [False] * 2)
    masked = bootstrap_interval(METRICS["mae"], target, prediction, np.arange(6), mask=mask)
    assert masked.num_units == 4
    assert masked == bootstrap_interval(METRICS["mae"], target[:4], prediction[:4], np.arange(4))


@pytest.mark.parametrize(("name", "value"), [("num_resamples", 1), ("level", 0.0), ("level", 95.0)])
def test_wrong_settings_are_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        bootstrap_interval(METRICS["mae"], np.zeros(2), np.ones(2), np.arange(2), **{name: value})
