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

__all__ = ["PlattScaling", "fit_platt"]


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
        InputError: shapes differ, a target that is not 0 or 1, probabilities outside [0, 1], or one class only.
    """
    is_positive = require_binary(target)
    if is_positive.all() or not is_positive.any():
        raise InputError(describe("calibration items of one class only", expected="both"))
    model = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-8)
    model.fit(_logit(require_probability(probability))[:, None], is_positive, weight)
    return PlattScaling(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))
