import numpy as np
import pytest
from scipy import stats

from protea.metrics.miscalibration_area import miscalibration_area


def stated(mean: np.ndarray, sigma: float | np.ndarray) -> np.ndarray:
    return np.stack([mean, np.broadcast_to(sigma, mean.shape)], axis=1)


def test_one_sample_by_hand() -> None:
    # The 50 % interval just holds it: coverage 0 below p = 1/2 and 1 above, so two triangles of area 1/8.
    quartile = stats.norm.ppf(0.75)
    assert miscalibration_area(np.array([quartile]), stated(np.zeros(1), 1.0)) == pytest.approx(0.25, abs=1e-12)


def test_evenly_spread_levels_by_hand() -> None:
    # Levels 1/3 and 2/3: steps 0, 1/2, 1. The area is 2 (1/18) at the ends and 2 (1/72) in the middle.
    target = stats.norm.ppf((1.0 + np.array([1.0, 2.0]) / 3.0) / 2.0)
    assert miscalibration_area(target, stated(np.zeros(2), 1.0)) == pytest.approx(5 / 36, abs=1e-12)


@pytest.mark.parametrize("sigma", [1e-9, 1e9])
def test_far_off_is_one_half(sigma: float) -> None:
    target = np.random.default_rng(0).normal(size=50)
    assert miscalibration_area(target, stated(np.zeros(50), sigma)) == pytest.approx(0.5, abs=1e-6)


def test_equals_a_fine_grid() -> None:
    rng = np.random.default_rng(1)
    target, sigma = rng.normal(size=60), rng.uniform(0.3, 1.5, size=60)
    level = (np.arange(200_000) + 0.5) / 200_000
    half = stats.norm.ppf((1.0 + level) / 2.0)
    observed = np.searchsorted(np.sort(np.abs(target) / sigma), half, side="right") / 60
    expected = np.abs(observed - level).mean()
    assert miscalibration_area(target, stated(np.zeros(60), sigma)) == pytest.approx(expected, abs=2e-5)


def test_a_right_sigma_has_the_area_of_a_brownian_bridge() -> None:
    target = np.random.default_rng(2).normal(size=(400, 100))
    areas = [miscalibration_area(row, stated(np.zeros(100), 1.0)) for row in target]
    expected = np.sqrt(2.0 / np.pi) * np.pi / 8.0 / np.sqrt(100.0)  # 0.31 / sqrt(n)
    assert np.mean(areas) == pytest.approx(expected, rel=0.08)


def test_scale_of_the_unit_changes_nothing() -> None:
    target = np.random.default_rng(3).normal(size=30)
    once = miscalibration_area(target, stated(0.1 * target, 0.7))
    assert miscalibration_area(5 * target, stated(0.5 * target, 3.5)) == pytest.approx(once, abs=1e-12)
