"""Platt scaling: a logistic curve of the logit, fitted on held-out items."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.temperature import as_two_logits
from protea.errors import InputError, describe
from protea.metrics.samples import require_binary
from protea.metrics.stated_uncertainty import require_probability

__all__ = ["PlattScaling", "fit_platt", "no_platt_curve", "steepest_platt"]


class PlattScaling(Calibrator):
    """Probability = logistic(slope x logit + intercept): a wrong share of positives is mended, too."""

    kind: Literal["platt"] = "platt"
    slope: float = Field(description="Factor on the logit; below 0 the model ranks the wrong way round.")
    intercept: float = Field(description="What is added.")

    def probability(self, probability: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, " item"]:
        """Return the scaled probability of class 1."""
        return expit(self.slope * _logit(probability) + self.intercept)


def _logit(probability: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, " item"]:
    two = as_two_logits(probability)
    return two[:, 1] - two[:, 0]


def fit_platt(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    weight: Float[np.ndarray, "..."] | None = None,
) -> PlattScaling:
    """Return slope and intercept of greatest likelihood, without penalty (Platt, 1999).

    Raises:
        InputError: shapes differ, a target that is not 0 or 1, probabilities outside [0, 1], one class only, or classes
            that no probability mixes: every steeper curve is then likelier, and the solver's last would be an answer by
            chance.
    """
    why = no_platt_curve(target, probability)
    if why is not None:
        raise InputError(describe(why, expected="both, and mixed somewhere", do="Calibrate on more held-out items."))
    return steepest_platt(target, probability, weight)


def no_platt_curve(target: Shaped[np.ndarray, "..."], probability: Shaped[np.ndarray, "..."]) -> str | None:
    """Return why items have no curve of greatest likelihood; None where they have one.

    Raises:
        InputError: shapes differ, a target that is not 0 or 1, or probabilities outside [0, 1].
    """
    is_positive, given = require_binary(target), require_probability(probability)
    if is_positive.shape != given.shape:
        raise InputError(
            describe(f"target {is_positive.shape}, probability {given.shape}", expected="one number per item in both")
        )
    if is_positive.all() or not is_positive.any():
        return "calibration items of one class only"
    ones, zeros = given[is_positive], given[~is_positive]
    is_parted = ones.min() >= zeros.max() or zeros.min() >= ones.max()
    return "calibration items whose probabilities part the classes" if is_parted and np.ptp(given) > 0 else None


def steepest_platt(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    weight: Float[np.ndarray, "..."] | None = None,
) -> PlattScaling:
    """Return the same of items of both classes that may be parted: there as steep a curve as the solver came to.

    For resamples, some of which part the classes though the whole does not: the limit is a step, and this is near it.
    """
    model = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-8)
    model.fit(_logit(require_probability(probability))[:, None], require_binary(target), weight)
    return PlattScaling(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))
