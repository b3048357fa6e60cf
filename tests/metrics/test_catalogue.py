"""The contract of every metric: order does not matter, a weight is a repetition, a mask is a subset, NaN is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from protea.errors import InputError
from protea.metrics.catalogue import METRICS, UNRANKED_METRICS, Metric, metric_named
from protea.metrics.precision_at_l import BANDS, map_cells
from tests.metrics.cases import random_case

ALL = METRICS | UNRANKED_METRICS
every_metric = pytest.mark.parametrize("metric", ALL.values(), ids=ALL.keys())
every_ranked_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())


def perfect_answer(metric: Metric, target: np.ndarray) -> np.ndarray:
    """What a model that knows everything gives."""
    if metric.needs in ("class", "decision"):
        return target
    if metric.needs == "logits" and metric.name != "fmax_softmax":
        return 10.0 * np.eye(6)[target]
    if metric.name in ("error_sigma_correlation", "rejection_ratio"):
        # It knows how wrong it is, which it can only show if it errs.
        size = np.linspace(0.1, 1.0, target.size)
        return np.stack([target + size, size], axis=1)
    if metric.needs == "gaussian":
        # Right on average, with errors that have the distribution that it states, all of the same small sigma.
        error = 0.01 * stats.norm.ppf((np.arange(target.size) + 0.5) / target.size)
        return np.stack([target + error, np.full(target.size, 0.01)], axis=1)
    if metric.needs == "interval":
        return np.stack([target, target], axis=1)
    if metric.needs == "map":
        # One map of no more places than contacts, every cell in the band of the metric.
        separation = next((band.first for name, band in BANDS.items() if metric.name.endswith(f"_{name}")), 30)
        every = np.zeros(target.size, np.int64)
        return map_cells(target.astype(np.float64), every, every + separation, np.array([target.sum()]))
    if metric.needs == "grouped":
        return np.stack([target, np.zeros(target.size)], axis=1)
    return target.astype(np.float64)


@every_metric
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_order_of_samples_does_not_matter(metric: Metric, seed: int) -> None:
    case = random_case(metric, seed)
    order = np.random.default_rng(seed + 1).permutation(len(case.target))
    shuffled = metric.function(case.target[order], case.score[order], None)
    assert shuffled == pytest.approx(metric.function(case.target, case.score, None), abs=1e-12)


@every_metric
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_counting_a_unit_k_times_equals_repeating_its_rows_k_times(metric: Metric, seed: int) -> None:
    case = random_case(metric, seed)
    unit = (case.unit - 100) // 7
    count = np.random.default_rng(seed + 2).integers(0, 4, size=12)
    count[0] = 2  # some unit is always there
    rows = np.repeat(np.arange(unit.size), count[unit])
    score = case.score[rows]
    if metric.needs in ("map", "grouped"):
        # A map or group that is counted twice is two of them.
        again = np.concatenate([np.arange(number) for number in count[unit]])
        score = np.concatenate([score[:, :1], score[:, 1:2] + 100 * again[:, None], score[:, 2:]], axis=1)
    repeated = metric.function(case.target[rows], score, None)
    weighted = metric.by_unit(case.target, case.score, None, unit)(count)
    assert weighted == pytest.approx(repeated, abs=1e-12)


@every_metric
def test_masked_rows_are_as_if_absent_even_when_they_hold_nan(metric: Metric) -> None:
    case = random_case(metric, 3)
    mask = np.random.default_rng(4).random(len(case.target)) < 0.6
    expected = metric.function(case.target[mask], case.score[mask], None)
    score = case.score.copy()
    if np.issubdtype(score.dtype, np.floating):
        score[~mask] = np.nan
    assert metric.function(case.target, score, mask) == pytest.approx(expected, abs=1e-12)
    assert metric.function(case.target, case.score, None) != pytest.approx(expected, abs=1e-6)


@every_metric
def test_float32_scores_give_the_value_of_the_same_numbers_in_float64(metric: Metric) -> None:
    case = random_case(metric, 5, dtype="float32")
    wide = [a.astype(np.float64) if a.dtype == np.float32 else a for a in (case.target, case.score)]
    assert metric.function(case.target, case.score, None) == pytest.approx(metric.function(*wide, None), abs=1e-12)


@every_metric
def test_wrong_inputs_are_refused(metric: Metric) -> None:
    case = random_case(metric, 6)
    with pytest.raises(InputError, match="shape"):
        metric.function(case.target[:-1], case.score, None)
    with pytest.raises(InputError, match="mask has type"):
        metric.function(case.target, case.score, np.ones(len(case.target), dtype=np.int64))
    with pytest.raises(InputError, match="mask has shape"):
        metric.function(case.target, case.score, np.ones(len(case.target) + 1, dtype=bool))
    with pytest.raises(InputError, match="counted"):
        metric.function(case.target, case.score, np.zeros(len(case.target), dtype=bool))
    with pytest.raises(InputError):
        metric.function(case.target[:0], case.score[:0], None)
    bad = case.score.astype(np.float64)
    bad[0] = np.nan
    with pytest.raises(InputError, match="class ids" if metric.needs in ("class", "decision") else "NaN"):
        metric.function(case.target, bad, None)


@every_ranked_metric
def test_direction_is_right(metric: Metric) -> None:
    case = random_case(metric, 7)
    perfect = perfect_answer(metric, case.target)
    gain = metric.function(case.target, perfect, None) - metric.function(case.target, case.score, None)
    assert gain > 0 if metric.higher_is_better else gain < 0


def test_names_and_keys_agree() -> None:
    assert all(name == metric.name for name, metric in ALL.items())
    assert metric_named("auprc") is METRICS["auprc"]


def test_wrong_name_lists_the_right_ones() -> None:
    with pytest.raises(InputError, match=r"'auc'.*auprc.*spearman"):
        metric_named("auc")
