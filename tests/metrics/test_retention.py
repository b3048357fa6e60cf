import numpy as np
import pytest

from protea.metrics.mae import mae
from protea.metrics.retention import rejection_ratio, retention_area, retention_curve
from protea.metrics.undefined import UndefinedMetric


def stated(mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    return np.stack([mean, sigma], axis=1)


def test_hand_worked() -> None:
    # Errors 3, 1 in order of sigma 2, 1: kept 0, 1/2, 1; remaining 0, 1/2, 2: area (1/2)(1/4) + (1/2)(5/4)
    target, gaussian = np.array([3.0, 1.0]), stated(np.zeros(2), np.array([2.0, 1.0]))
    kept, remaining = retention_curve(target, gaussian)
    np.testing.assert_allclose(kept, [0, 0.5, 1])
    np.testing.assert_allclose(remaining, [0, 0.5, 2])
    assert retention_area(target, gaussian) == pytest.approx(0.75, abs=1e-15)
    assert rejection_ratio(target, gaussian) == pytest.approx(1.0, abs=1e-15)


def test_the_curve_ends_at_the_mean_absolute_error() -> None:
    rng = np.random.default_rng(0)
    target, mean, sigma = rng.normal(size=30), rng.normal(size=30), rng.integers(1, 5, size=30).astype(float)
    kept, remaining = retention_curve(target, stated(mean, sigma))
    assert (kept[0], remaining[0], kept[-1]) == (0.0, 0.0, 1.0)
    assert remaining[-1] == pytest.approx(mae(target, mean), abs=1e-14)
    assert len(kept) == 5 + (4 - np.unique(sigma).size)  # ties are one step


def test_constant_sigma_is_chance_and_the_worst_order_mirrors_the_best() -> None:
    error = np.random.default_rng(1).random(40)
    target = np.zeros(40)
    assert retention_area(target, stated(error, np.ones(40))) == pytest.approx(error.mean() / 2, abs=1e-14)
    assert rejection_ratio(target, stated(error, np.ones(40))) == pytest.approx(0.0, abs=1e-12)
    assert rejection_ratio(target, stated(error, error + 1)) == pytest.approx(1.0, abs=1e-12)
    assert rejection_ratio(target, stated(error, 3 - error)) == pytest.approx(-1.0, abs=1e-12)


def test_ratio_ignores_the_size_of_errors() -> None:
    rng = np.random.default_rng(2)
    error, sigma = rng.random(20), rng.random(20) + 0.1
    once = rejection_ratio(np.zeros(20), stated(error, sigma))
    assert rejection_ratio(np.zeros(20), stated(7 * error, sigma)) == pytest.approx(once, abs=1e-12)


def test_equal_errors_are_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="all errors are equal"):
        rejection_ratio(np.zeros(3), stated(np.ones(3), np.array([1.0, 2.0, 3.0])))
