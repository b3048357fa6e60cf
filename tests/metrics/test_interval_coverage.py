import numpy as np
import pytest

from protea.metrics.interval_coverage import interval_coverage


def test_bounds_belong_to_the_interval() -> None:
    interval = np.array([[0.0, 1.0]] * 4)
    assert interval_coverage(np.array([0.0, 1.0, 1.0001, -0.5]), interval) == 0.5


def test_infinite_intervals_cover_everything() -> None:
    assert interval_coverage(np.array([1e300, -5.0]), np.array([[-np.inf, np.inf]] * 2)) == 1.0


def test_ninety_percent_of_a_normal_target() -> None:
    target = np.random.default_rng(0).normal(size=20_000)
    half = 1.6448536269514722
    interval = np.broadcast_to([-half, half], (20_000, 2))
    assert interval_coverage(target, interval) == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 20_000))
