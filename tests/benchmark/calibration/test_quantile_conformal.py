import numpy as np
import pytest

from protea.benchmark.calibration.quantile_conformal import fit_quantile_conformal, quantile_score
from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.errors import InputError
from protea.metrics.interval_coverage import interval_coverage


def test_score_by_hand() -> None:
    score = quantile_score(np.array([0.0, 3.0, -2.0]), np.full(3, -1.0), np.full(3, 1.0))
    np.testing.assert_array_equal(score, [-1.0, 2.0, 1.0])


def test_equal_quantiles_are_split_conformal() -> None:
    rng = np.random.default_rng(0)
    target, value = rng.normal(size=(2, 50))
    fitted = fit_quantile_conformal(target, value, value, 0.9)
    plain = fit_split_conformal(target, value, 0.9)
    np.testing.assert_allclose(fitted.intervals(value, value), plain.intervals(value), atol=1e-12)


@pytest.mark.parametrize("factor", [0.4, 3.0])
def test_quantiles_too_near_move_out_and_too_far_move_in(factor: float) -> None:
    rng = np.random.default_rng(1)
    target = rng.normal(size=6000)
    half = np.full(3000, 1.645 * factor)
    fitted = fit_quantile_conformal(target[:3000], -half, half, 0.9)
    assert (fitted.shift > 0) == (factor < 1)
    found = fitted.intervals(-half, half)
    assert interval_coverage(target[3000:], found) == pytest.approx(0.9, abs=0.025)
    assert found[0, 1] == pytest.approx(1.645, abs=0.1)


def test_bounds_that_would_pass_each_other_meet() -> None:
    fitted = fit_quantile_conformal(np.zeros(9), np.full(9, -5.0), np.full(9, 5.0), 0.9)
    assert fitted.shift == -5.0
    np.testing.assert_array_equal(fitted.intervals(np.array([0.0]), np.array([4.0])), [[2.0, 2.0]])


def test_crossed_quantiles_are_refused_and_too_few_items_are_infinite() -> None:
    with pytest.raises(InputError, match="cross"):
        quantile_score(np.zeros(1), np.ones(1), np.zeros(1))
    fitted = fit_quantile_conformal(np.zeros(3), np.zeros(3), np.ones(3), 0.9)
    np.testing.assert_array_equal(fitted.intervals(np.zeros(1), np.ones(1)), [[-np.inf, np.inf]])
