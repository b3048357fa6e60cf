import numpy as np
import pytest

from protea.metrics.rmse import rmse
from protea.metrics.sharpness import sharpness


def test_variances_are_averaged_not_deviations() -> None:
    gaussian = np.array([[0.0, 3.0], [0.0, 4.0]])
    assert sharpness(np.zeros(2), gaussian) == pytest.approx(np.sqrt(12.5), abs=1e-15)


def test_a_right_sigma_has_the_sharpness_of_the_rmse() -> None:
    rng = np.random.default_rng(1)
    sigma = rng.uniform(0.5, 3.0, size=40_000)
    target = rng.normal(size=40_000) * sigma
    gaussian = np.stack([np.zeros(40_000), sigma], axis=1)
    assert sharpness(target, gaussian) == pytest.approx(rmse(target, gaussian[:, 0]), rel=0.02)
