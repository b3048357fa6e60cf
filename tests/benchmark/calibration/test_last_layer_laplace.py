import numpy as np
import pytest
from scipy.special import expit
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct
from sklearn.linear_model import LogisticRegression

from protea.benchmark.calibration.last_layer_laplace import fit_bayesian_linear, fit_bayesian_logistic
from protea.errors import InputError


def test_is_the_gaussian_process_with_a_linear_kernel() -> None:
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(30, 4)), rng.normal(size=(6, 4))
    y = x @ rng.normal(size=4) + 0.3 * rng.normal(size=30)
    fitted = fit_bayesian_linear(x, y, noise=0.3, prior=1.7)
    kernel = ConstantKernel(1.7**2, "fixed") * DotProduct(1.0, "fixed")  # 1 + x x': the ones are the intercept
    process = GaussianProcessRegressor(kernel, alpha=0.3**2, optimizer=None).fit(x, y)
    mean, deviation = process.predict(new, return_std=True)
    value, sigma, ignorance = fitted.predict(new)
    np.testing.assert_allclose(value, mean, rtol=1e-8)
    np.testing.assert_allclose(ignorance, deviation, rtol=1e-7)
    np.testing.assert_allclose(sigma**2, deviation**2 + 0.09, rtol=1e-8)


def test_ignorance_grows_away_from_the_data_and_shrinks_with_more() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 2))
    few, many = (fit_bayesian_linear(x[:n], x[:n, 0], noise=0.5, prior=1.0) for n in (20, 400))
    near, far = np.zeros((1, 2)), np.full((1, 2), 10.0)
    assert few.predict(far)[2] > 5 * few.predict(near)[2]
    assert many.predict(far)[2] < 0.5 * few.predict(far)[2]


def test_logistic_is_the_penalised_maximum() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(80, 3))
    y = (rng.random(80) < expit(x @ [1.0, -2.0, 0.5])).astype(int)
    fitted = fit_bayesian_logistic(x, y, prior=2.0)
    with_ones = np.concatenate([x, np.ones((80, 1))], axis=1)
    model = LogisticRegression(C=4.0, fit_intercept=False, tol=1e-10, max_iter=500).fit(with_ones, y)
    np.testing.assert_allclose(fitted.weight, model.coef_[0], rtol=1e-4)
    p = expit(with_ones @ fitted.weight)
    hessian = (with_ones * (p * (1 - p))[:, None]).T @ with_ones + np.eye(4) / 4.0
    np.testing.assert_allclose(fitted.factor @ fitted.factor.T, hessian, rtol=1e-6)


def test_averaging_over_weights_moves_towards_a_half_and_is_near_the_integral() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(25, 2))
    y = (x[:, 0] > 0).astype(int)
    fitted = fit_bayesian_logistic(x, y, prior=3.0)
    new = np.array([[3.0, 2.0], [-3.0, 1.0]])
    probability, deviation = fitted.predict(new)
    logit = np.concatenate([new, np.ones((2, 1))], axis=1) @ fitted.weight
    assert (np.abs(probability - 0.5) < np.abs(expit(logit) - 0.5)).all()
    draws = expit(logit[:, None] + deviation[:, None] * rng.normal(size=(2, 200_000))).mean(axis=1)
    np.testing.assert_allclose(probability, draws, atol=0.02)


def test_separable_classes_converge_because_of_the_prior() -> None:
    x = np.array([[-1.0], [1.0]])
    fitted = fit_bayesian_logistic(100 * x, np.array([0, 1]), prior=10.0)
    assert np.isfinite(fitted.weight).all()


def test_the_end_is_found_where_the_loss_is_rounded() -> None:
    # Close to the best weights a step lowers the loss by less than its rounding.
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(20, 5))
        y = (rng.random(20) < expit(3 * x[:, 0])).astype(int)
        fitted = fit_bayesian_logistic(x, y, prior=10.0)
        with_ones = np.concatenate([x, np.ones((20, 1))], axis=1)
        gradient = with_ones.T @ (expit(with_ones @ fitted.weight) - y) + fitted.weight / 100
        np.testing.assert_allclose(gradient, 0.0, atol=1e-7)


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(InputError, match="positive deviations"):
        fit_bayesian_linear(np.ones((2, 1)), np.ones(2), noise=0.0, prior=1.0)
    with pytest.raises(InputError, match="target of shape"):
        fit_bayesian_linear(np.ones((2, 1)), np.ones(3), noise=1.0, prior=1.0)
    with pytest.raises(InputError, match="no convergence in 1 steps"):
        fit_bayesian_logistic(np.array([[0.0], [9.0]]), np.array([0, 1]), prior=1.0, most_steps=1)
