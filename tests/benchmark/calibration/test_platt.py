import numpy as np
import pytest
from scipy.special import expit

from protea.benchmark.calibration.platt import fit_platt
from protea.errors import InputError


def test_recovers_slope_and_intercept() -> None:
    rng = np.random.default_rng(0)
    logit = 2.0 * rng.normal(size=30_000)
    target = (rng.random(30_000) < expit(0.5 * logit - 1.0)).astype(int)
    fitted = fit_platt(target, expit(logit))
    assert fitted.slope == pytest.approx(0.5, abs=0.03)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.05)
    np.testing.assert_allclose(fitted.probability(np.array([0.5])), expit(fitted.intercept))


def test_mean_probability_is_the_share_of_ones() -> None:
    rng = np.random.default_rng(1)
    probability = rng.random(400)
    target = (rng.random(400) < probability**2).astype(int)
    fitted = fit_platt(target, probability)
    assert fitted.probability(probability).mean() == pytest.approx(target.mean(), abs=1e-5)


def test_certain_probabilities_stay_finite() -> None:
    fitted = fit_platt(np.array([1, 0, 1, 0]), np.array([1.0, 0.0, 0.3, 0.6]))
    assert np.isfinite([fitted.slope, fitted.intercept]).all()


def test_classes_that_are_parted_have_no_curve() -> None:
    low, high = np.linspace(0.1, 0.4, 6), np.linspace(0.6, 0.9, 6)
    both = np.concatenate([low, high])
    for target in (np.repeat([0, 1], 6), np.repeat([1, 0], 6)):
        with pytest.raises(InputError, match="part the classes"):
            fit_platt(target, both)
    with pytest.raises(InputError, match="part the classes"):  # both at the border: a steeper curve is likelier still
        fit_platt(np.array([0, 0, 1, 1]), np.array([0.2, 0.5, 0.5, 0.8]))
    constant = fit_platt(np.array([0, 0, 0, 1]), np.full(4, 0.6))  # says nothing, and has a curve: the share
    np.testing.assert_allclose(constant.probability(np.array([0.6])), 0.25, atol=1e-6)


def test_one_class_is_refused() -> None:
    with pytest.raises(InputError, match="one class only"):
        fit_platt(np.ones(3), np.full(3, 0.5))


def test_unlike_shapes_are_refused() -> None:
    with pytest.raises(InputError, match=r"target \(3,\), probability \(2,\)"):
        fit_platt(np.array([0, 1, 1]), np.array([0.2, 0.7]))
