import numpy as np
import pytest
from scipy import stats

from protea.benchmark.calibration.coverage_band import coverage_band
from protea.benchmark.calibration.order_statistic import conformal_quantile
from protea.errors import InputError


def covered_counts(num_calibration: int, num_test: int, level: float, num_runs: int, seed: int) -> np.ndarray:
    """How many test items conformal intervals cover on exchangeable data, run after run."""
    error = np.abs(np.random.default_rng(seed).standard_t(3, size=(num_runs, num_calibration + num_test)))
    bound = np.array([conformal_quantile(row[:num_calibration], level) for row in error])
    return (error[:, num_calibration:] <= bound[:, None]).sum(axis=1)


@pytest.mark.parametrize(("num_calibration", "num_test", "level"), [(49, 30, 0.9), (120, 400, 0.8), (9, 12, 0.9)])
def test_simulated_coverage_is_beta_binomial(num_calibration: int, num_test: int, level: float) -> None:
    num_runs = 3000
    found = covered_counts(num_calibration, num_test, level, num_runs, 0)
    rank = round(level * (num_calibration + 1))
    exact = stats.betabinom(num_test, rank, num_calibration + 1 - rank)
    count = np.arange(num_test + 1)
    largest = np.abs(np.searchsorted(np.sort(found), count, side="right") / num_runs - exact.cdf(count)).max()
    assert largest < 1.63 / np.sqrt(num_runs)  # Kolmogorov and Smirnov, one in a hundred
    band = coverage_band(level, num_calibration, num_test)
    assert band.expected == pytest.approx(exact.mean() / num_test, abs=1e-12)
    outside = np.mean([not band.holds(value) for value in found / num_test])
    assert outside <= 0.01 + 4 * np.sqrt(0.01 * 0.99 / num_runs)
    # The band is not wider than it must be: without its outermost counts it would hold less.
    inner = exact.cdf(band.high * num_test - 1) - exact.cdf(band.low * num_test)
    assert inner < 0.99


def test_many_calibration_items_leave_the_binomial() -> None:
    band = coverage_band(0.9, 10_000_000, 200)
    low, high = stats.binom(200, 0.9).ppf([0.005, 0.995]) / 200
    assert (band.low, band.high) == (low, high)


def test_few_calibration_items_widen_the_band() -> None:
    wide, tight = coverage_band(0.9, 50, 1000), coverage_band(0.9, 5000, 1000)
    assert wide.high - wide.low > 2 * (tight.high - tight.low)


def test_infinite_intervals_cover_everything() -> None:
    band = coverage_band(0.9, 8, 20)
    assert (band.low, band.high) == (1.0, 1.0)
    assert band.holds(1.0)
    assert not band.holds(0.95)


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(InputError, match="0 test items"):
        coverage_band(0.9, 5, 0)
    with pytest.raises(InputError, match="confidence is 1"):
        coverage_band(0.9, 5, 5, confidence=1.0)
