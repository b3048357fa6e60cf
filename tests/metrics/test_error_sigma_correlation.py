import numpy as np
import pytest
from scipy import stats

from protea.metrics.error_sigma_correlation import error_sigma_correlation
from protea.metrics.undefined import UndefinedMetric


def test_order_of_sigma_is_that_of_the_error() -> None:
    target = np.array([1.0, -2.0, 3.0])
    assert error_sigma_correlation(target, np.array([[0.0, 0.1], [0.0, 0.2], [0.0, 5.0]])) == 1.0
    assert error_sigma_correlation(target, np.array([[0.0, 3.0], [0.0, 2.0], [0.0, 1.0]])) == -1.0


def test_equals_scipy() -> None:
    rng = np.random.default_rng(0)
    target, mean, sigma = rng.normal(size=40), rng.normal(size=40), rng.integers(1, 6, size=40).astype(float)
    expected = stats.spearmanr(np.abs(target - mean), sigma).statistic
    assert error_sigma_correlation(target, np.stack([mean, sigma], 1)) == pytest.approx(expected, abs=1e-13)


def test_a_perfect_sigma_stays_below_one() -> None:
    rng = np.random.default_rng(1)
    sigma = 10 ** rng.uniform(0, 1, size=30_000)
    target = rng.normal(size=30_000) * sigma
    found = error_sigma_correlation(target, np.stack([np.zeros(30_000), sigma], 1))
    assert found == pytest.approx(0.57, abs=0.015)


def test_constant_sigma_is_undefined() -> None:
    with pytest.raises(UndefinedMetric):
        error_sigma_correlation(np.arange(3.0), np.array([[0.0, 1.0]] * 3))
