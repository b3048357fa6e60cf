import numpy as np
import pytest
from scipy import integrate, stats

from protea.errors import InputError
from protea.metrics.crps import crps, crps_of_draws, crps_of_draws_by_unit
from protea.metrics.mae import mae


def test_standard_normal_at_its_mean() -> None:
    # 2 phi(0) - 1 / sqrt(pi)
    expected = np.sqrt(2.0 / np.pi) - 1.0 / np.sqrt(np.pi)
    assert crps(np.zeros(1), np.array([[0.0, 1.0]])) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("target", "mean", "sigma"), [(0.3, 1.1, 0.7), (5.0, 1.0, 2.0)])
def test_equals_the_integral_of_its_definition(target: float, mean: float, sigma: float) -> None:
    below = integrate.quad(lambda x: stats.norm.cdf(x, mean, sigma) ** 2, mean - 12 * sigma, target)[0]
    above = integrate.quad(lambda x: stats.norm.sf(x, mean, sigma) ** 2, target, mean + 12 * sigma + target)[0]
    assert crps(np.array([target]), np.array([[mean, sigma]])) == pytest.approx(below + above, rel=1e-7)


def test_no_spread_is_the_absolute_error() -> None:
    target, mean = np.random.default_rng(0).normal(size=(2, 15))
    gaussian = np.stack([mean, np.full(15, 1e-12)], axis=1)
    assert crps(target, gaussian) == pytest.approx(mae(target, mean), abs=1e-11)
    assert crps_of_draws(target, mean[:, None]) == pytest.approx(mae(target, mean), abs=1e-15)


def test_draws_by_hand_and_by_all_pairs() -> None:
    # Draws 0 and 2, target 1: mean distance 1, half the mean distance of pairs 0.5.
    assert crps_of_draws(np.array([1.0]), np.array([[2.0, 0.0]])) == 0.5
    rng = np.random.default_rng(1)
    target, draws = rng.normal(size=6), rng.normal(size=(6, 9))
    pairs = np.abs(draws[:, :, None] - draws[:, None, :]).mean(axis=(1, 2))
    expected = (np.abs(draws - target[:, None]).mean(axis=1) - pairs / 2).mean()
    assert crps_of_draws(target, draws) == pytest.approx(expected, abs=1e-13)


def test_many_draws_of_a_gaussian_score_as_the_gaussian() -> None:
    quantiles = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    found = crps_of_draws(np.array([0.4]), 1.0 + 2.0 * quantiles[None])
    assert found == pytest.approx(crps(np.array([0.4]), np.array([[1.0, 2.0]])), abs=1e-3)


def test_units_and_mask_of_draws() -> None:
    target, draws = np.array([0.0, 1.0, 5.0]), np.array([[0.0, 2.0], [1.0, 1.0], [np.nan, 0.0]])
    mask = np.array([True, True, False])
    statistic = crps_of_draws_by_unit(target, draws, mask, np.array([0, 1, 1]))
    assert statistic(np.array([3, 1])) == pytest.approx(crps_of_draws(target[[0, 0, 0, 1]], draws[[0, 0, 0, 1]]))
    with pytest.raises(InputError, match="NaN"):
        crps_of_draws(target, draws)
    with pytest.raises(InputError, match="at least one draw"):
        crps_of_draws(target, draws[:, :0])
