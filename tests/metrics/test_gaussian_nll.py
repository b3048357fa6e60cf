import math

import numpy as np
import pytest
from scipy import stats

from protea.metrics.gaussian_nll import gaussian_nll


def test_hand_worked() -> None:
    gaussian = np.array([[0.0, 1.0], [1.0, 2.0]])
    expected = 0.5 * math.log(2 * math.pi) + (0.0 + math.log(2.0) + 0.5 * 0.25) / 2
    assert gaussian_nll(np.array([0.0, 2.0]), gaussian) == pytest.approx(expected, abs=1e-15)


def test_equals_scipy() -> None:
    rng = np.random.default_rng(0)
    target, mean, sigma = rng.normal(size=20), rng.normal(size=20), rng.uniform(0.1, 3, size=20)
    expected = -stats.norm.logpdf(target, mean, sigma).mean()
    assert gaussian_nll(target, np.stack([mean, sigma], 1)) == pytest.approx(expected, rel=1e-13)


def test_a_change_of_unit_adds_its_logarithm() -> None:
    rng = np.random.default_rng(1)
    target, gaussian = rng.normal(size=9), np.stack([rng.normal(size=9), np.full(9, 0.7)], 1)
    assert gaussian_nll(10 * target, 10 * gaussian) == pytest.approx(gaussian_nll(target, gaussian) + math.log(10))


def test_the_root_mean_squared_error_is_the_best_constant_sigma() -> None:
    error = np.random.default_rng(2).normal(size=200)
    best = np.sqrt(np.mean(error**2))
    loss = [
        gaussian_nll(error, np.stack([np.zeros(200), np.full(200, best * factor)], 1)) for factor in (0.98, 1.0, 1.02)
    ]
    assert loss[1] < min(loss[0], loss[2])
