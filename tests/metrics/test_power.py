import numpy as np
import pytest
from scipy import stats

from protea.errors import InputError
from protea.metrics.power import minimum_detectable_difference


def test_textbook_sample_size() -> None:
    # an effect of half a standard deviation needs 34 pairs (33.37): 33 cannot see it, 34 can
    assert minimum_detectable_difference(1.0, 34) < 0.5 < minimum_detectable_difference(1.0, 33)


def test_many_pairs_approach_the_normal_formula() -> None:
    expected = (stats.norm.isf(0.025) + stats.norm.isf(0.2)) / np.sqrt(10_000)
    assert minimum_detectable_difference(1.0, 10_000) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("num_pairs", "alpha", "power"), [(5, 0.05, 0.8), (10, 0.01, 0.9), (3, 0.1, 0.5)])
def test_power_at_the_difference_is_the_power_asked_for(num_pairs: int, alpha: float, power: float) -> None:
    shift = minimum_detectable_difference(2.0, num_pairs, alpha, power)
    ratio = shift * np.sqrt(num_pairs) / 2.0
    critical = stats.t.isf(alpha / 2, num_pairs - 1)
    two_sided = stats.nct.sf(critical, num_pairs - 1, ratio) + stats.nct.cdf(-critical, num_pairs - 1, ratio)
    assert two_sided == pytest.approx(power, abs=1e-8)


def test_simulated_t_tests_find_it_as_often_as_asked() -> None:
    shift = minimum_detectable_difference(1.0, 5)
    samples = np.random.default_rng(0).normal(loc=shift, size=(4000, 5))
    assert np.mean(stats.ttest_1samp(samples, 0.0, axis=1).pvalue < 0.05) == pytest.approx(0.8, abs=0.02)


def test_scales_with_the_spread_and_is_zero_without_it() -> None:
    assert minimum_detectable_difference(3.0, 6) == pytest.approx(3 * minimum_detectable_difference(1.0, 6), rel=1e-9)
    assert minimum_detectable_difference(0.0, 6) == 0.0


@pytest.mark.parametrize(
    ("deviation", "num_pairs", "alpha", "power"),
    [(-1.0, 5, 0.05, 0.8), (float("nan"), 5, 0.05, 0.8), (1.0, 1, 0.05, 0.8), (1.0, 5, 0.8, 0.05), (1.0, 5, 0.05, 1.0)],
)
def test_wrong_settings_are_refused(deviation: float, num_pairs: int, alpha: float, power: float) -> None:
    with pytest.raises(InputError):
        minimum_detectable_difference(deviation, num_pairs, alpha, power)
