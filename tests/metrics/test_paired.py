import itertools

import numpy as np
import pytest
from scipy import stats

from protea.errors import InputError
from protea.metrics.catalogue import METRICS
from protea.metrics.paired import paired_difference, paired_over_folds


def test_same_model_twice_has_no_difference_and_p_one() -> None:
    rng = np.random.default_rng(0)
    target, score = rng.random(60) < 0.4, rng.normal(size=60)
    result = paired_difference(METRICS["auprc"], target, score, score, np.arange(60) // 3, num_resamples=200)
    assert (result.difference, result.low, result.high, result.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert result.num_units == 20


def test_swapping_the_models_turns_the_sign_and_keeps_p() -> None:
    rng = np.random.default_rng(1)
    target = rng.normal(size=60)
    a, b = target + rng.normal(size=60), target + 1.2 * rng.normal(size=60)
    forth = paired_difference(METRICS["rmse"], target, a, b, np.arange(60) // 2)
    back = paired_difference(METRICS["rmse"], target, b, a, np.arange(60) // 2)
    assert forth.difference == -back.difference
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low), abs=1e-12)
    assert forth.p_value == back.p_value


def test_difference_that_every_unit_shows_has_the_smallest_p() -> None:
    result = paired_difference(
        METRICS["mae"], np.zeros(20), np.ones(20), np.full(20, 3.0), np.arange(20), num_resamples=99
    )
    assert result.difference == -2.0
    assert result.p_value == 2 / 100
    assert result.standard_error == 0.0


def test_pairing_removes_what_is_hard_for_both() -> None:
    rng = np.random.default_rng(2)
    hard = rng.exponential(scale=10.0, size=50)
    result = paired_difference(
        METRICS["mae"], np.zeros(50), hard + 0.2, hard + rng.normal(scale=0.1, size=50), np.arange(50)
    )
    assert result.low > 0
    assert result.difference == pytest.approx(0.2, abs=0.05)
    assert result.standard_error == pytest.approx(0.1 / np.sqrt(50), rel=0.4)


def test_p_values_under_no_difference_are_about_uniform() -> None:
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(200):
        a, b = rng.normal(size=(2, 40))
        p_values.append(paired_difference(METRICS["mae"], np.zeros(40), a, b, np.arange(40), num_resamples=200).p_value)
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.05)
    assert np.mean(np.array(p_values) < 0.5) == pytest.approx(0.5, abs=0.12)


def test_fast_and_naive_agree() -> None:
    rng = np.random.default_rng(4)
    target = (rng.random(60) < 0.4).astype(int)
    scores = np.round(rng.normal(size=(2, 60)) + target, 1)
    fast, naive = (
        paired_difference(metric, target, *scores, np.arange(60) // 4, num_resamples=50)
        for metric in (METRICS["auroc"], METRICS["auroc"].function)
    )
    assert fast.difference == pytest.approx(naive.difference, abs=1e-12)
    assert (fast.low, fast.high, fast.p_value) == pytest.approx((naive.low, naive.high, naive.p_value), abs=1e-12)


def test_five_folds_all_won_cannot_be_below_one_in_sixteen() -> None:
    result = paired_over_folds(np.array([0.5, 0.6, 0.7, 0.8, 0.9]), np.array([0.4, 0.4, 0.6, 0.7, 0.5]))
    assert result.p_value == 0.0625
    assert result.difference == pytest.approx(0.18, abs=1e-12)
    assert result.num_units == 5


def test_sign_flips_by_enumeration_with_ties_of_rounding() -> None:
    difference = np.array([0.1, 0.2, -0.3, 0.3, 0.1, 0.0])
    sums = [abs(np.dot(signs, difference)) for signs in itertools.product((1, -1), repeat=6)]
    expected = np.mean([value >= abs(difference.sum()) - 1e-9 for value in sums])
    assert paired_over_folds(difference, np.zeros(6)).p_value == pytest.approx(expected, abs=1e-15)


def test_folds_agree_with_scipy() -> None:
    a, b = np.random.default_rng(5).normal(size=(2, 9))
    result = paired_over_folds(a, b, level=0.9)
    bounds = stats.ttest_rel(a, b).confidence_interval(0.9)
    assert (result.low, result.high) == pytest.approx((bounds.low, bounds.high), abs=1e-12)
    permuted = stats.permutation_test(
        (a, b), lambda x, y: np.mean(x - y), permutation_type="samples", n_resamples=np.inf
    )
    assert result.p_value == pytest.approx(permuted.pvalue, abs=1e-12)


def test_no_difference_in_any_fold() -> None:
    assert paired_over_folds(np.ones(4), np.ones(4)).p_value == 1.0


@pytest.mark.parametrize(("num_a", "num_b"), [(5, 4), (1, 1), (21, 21)])
def test_wrong_numbers_of_folds_are_refused(num_a: int, num_b: int) -> None:
    with pytest.raises(InputError, match="one value per fold"):
        paired_over_folds(np.ones(num_a), np.ones(num_b))


def test_missing_fold_is_refused() -> None:
    with pytest.raises(InputError, match="value_b holds NaN"):
        paired_over_folds(np.ones(3), np.array([1.0, np.nan, 1.0]))
