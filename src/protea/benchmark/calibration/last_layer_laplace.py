"""The last layer as a Bayesian model: closed form for values, Laplace's approximation for yes/no labels.

Features are what the network gives to its last linear map; they are taken as fixed, so that only the ignorance about
the last map is counted. A column of ones is added for the intercept. Axes: item, feature.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from scipy.linalg import cho_solve, cholesky
from scipy.special import expit

from protea.errors import InputError, describe
from protea.metrics.samples import require_binary, require_finite

__all__ = ["BayesianLinear", "BayesianLogistic", "fit_bayesian_linear", "fit_bayesian_logistic"]

_ROUNDING = 1e-12
"""Relative error of a sum of losses."""


def _with_ones(features: Float[np.ndarray, "..."]) -> Float[np.ndarray, "item column"]:
    if features.ndim != 2 or len(features) == 0:
        raise InputError(describe(f"features of shape {features.shape}", expected="[item, feature]"))
    return np.concatenate([require_finite(features, "features"), np.ones((len(features), 1))], axis=1)


def _spread(columns: Float[np.ndarray, "..."], factor: Float[np.ndarray, "..."]) -> np.ndarray:
    """Return x^T P^-1 x of each row, from the lower Cholesky factor of the posterior precision P."""
    spread: np.ndarray = (columns * cho_solve((factor, True), columns.T).T).sum(axis=1)
    return spread


@dataclass(frozen=True, eq=False)
class BayesianLinear:
    """Weights with a Gaussian posterior, and Gaussian noise."""

    weight: Float[np.ndarray, " column"]
    factor: Float[np.ndarray, "column column"]
    """Lower Cholesky factor of the posterior precision."""
    noise: float
    """Deviation of the noise, in the label's unit."""

    def predict(
        self, features: Float[np.ndarray, "..."]
    ) -> tuple[Float[np.ndarray, " item"], Float[np.ndarray, " item"], Float[np.ndarray, " item"]]:
        """Return value, sigma of a new measurement, and the part of it that is ignorance, in the label's unit."""
        columns = _with_ones(features)
        spread = _spread(columns, self.factor)
        return columns @ self.weight, np.sqrt(self.noise**2 + spread), np.sqrt(spread)


def fit_bayesian_linear(
    features: Float[np.ndarray, "..."],
    target: Shaped[np.ndarray, "..."],
    *,
    noise: float,
    prior: float,
) -> BayesianLinear:
    """Return the exact posterior: precision X^T X / noise^2 + 1 / prior^2, mean its inverse times X^T y / noise^2.

    Args:
        features: ``[item, feature]`` of the training items.
        target: their labels, best with mean 0: the prior holds the intercept, too.
        noise: deviation of the noise, in the label's unit; the RMSE on validation items is a fair start.
        prior: deviation of each weight beforehand.

    Raises:
        InputError: shapes that do not fit, NaN or infinity, or deviations that are not positive.
    """
    if not (noise > 0 and prior > 0):
        raise InputError(describe(f"noise {noise}, prior {prior}", expected="positive deviations"))
    columns, label = _with_ones(features), require_finite(target, "target")
    if label.shape != (len(columns),):
        raise InputError(describe(f"target of shape {label.shape}", expected=f"({len(columns)},)"))
    precision = columns.T @ columns / noise**2 + np.eye(columns.shape[1]) / prior**2
    factor = cholesky(precision, lower=True)
    return BayesianLinear(cho_solve((factor, True), columns.T @ label / noise**2), factor, noise)


@dataclass(frozen=True, eq=False)
class BayesianLogistic:
    """Weights of a logistic map with a Gaussian around their best value."""

    weight: Float[np.ndarray, " column"]
    factor: Float[np.ndarray, "column column"]
    """Lower Cholesky factor of the precision: Gauss-Newton, which is the Hessian here."""

    def predict(
        self, features: Float[np.ndarray, "..."]
    ) -> tuple[Float[np.ndarray, " item"], Float[np.ndarray, " item"]]:
        """Return the probability of 1 averaged over the weights, and the deviation of the logit.

        The average is MacKay's (1992): the logit divided by sqrt(1 + pi variance / 8).
        """
        columns = _with_ones(features)
        variance = _spread(columns, self.factor)
        logit = columns @ self.weight
        return expit(logit / np.sqrt(1.0 + np.pi * variance / 8.0)), np.sqrt(variance)


def fit_bayesian_logistic(
    features: Float[np.ndarray, "..."],
    target: Shaped[np.ndarray, "..."],
    *,
    prior: float,
    most_steps: int = 100,
) -> BayesianLogistic:
    """Return Laplace's approximation at the weights of greatest posterior probability, found by Newton's method.

    Args:
        features: ``[item, feature]`` of the training items.
        target: 0 or 1.
        prior: deviation of each weight beforehand, the intercept's too.
        most_steps: Newton steps at most; each is halved until the loss falls.

    Raises:
        InputError: shapes that do not fit, NaN or infinity, a target that is not 0 or 1, or no convergence.
    """
    if not prior > 0:
        raise InputError(describe(f"prior {prior}", expected="a positive deviation"))
    columns, label = _with_ones(features), require_binary(target).astype(np.float64)
    if label.shape != (len(columns),):
        raise InputError(describe(f"target of shape {label.shape}", expected=f"({len(columns)},)"))
    weight = np.zeros(columns.shape[1])

    def loss(at: np.ndarray) -> float:
        logit = columns @ at
        return float((np.logaddexp(0.0, logit) - label * logit).sum() + at @ at / (2.0 * prior**2))

    for _ in range(most_steps):
        probability = expit(columns @ weight)
        gradient = columns.T @ (probability - label) + weight / prior**2
        curvature = (columns * (probability * (1.0 - probability))[:, None]).T @ columns
        factor = cholesky(curvature + np.eye(weight.size) / prior**2, lower=True)
        step = cho_solve((factor, True), gradient)
        if gradient @ step < 1e-18 * max(1.0, loss(weight)):
            return BayesianLogistic(weight, factor)
        size, now = 1.0, loss(weight)
        # Near the end the step promises less than the loss is rounded by: no halving would show a fall.
        slack = _ROUNDING * max(1.0, now)
        while size > 1e-8 and loss(weight - size * step) > now - 1e-4 * size * gradient @ step + slack:
            size /= 2.0
        weight = weight - size * step
    raise InputError(describe(f"no convergence in {most_steps} steps", do="Standardise the features."))
