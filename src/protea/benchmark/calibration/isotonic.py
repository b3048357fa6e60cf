"""Isotonic calibration: the rising curve through held-out items, for enough of them."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field
from sklearn.isotonic import IsotonicRegression

from protea.benchmark.calibration.calibrator import Calibrator
from protea.metrics.samples import require_binary
from protea.metrics.stated_uncertainty import require_probability

__all__ = ["IsotonicScaling", "fit_isotonic"]


class IsotonicScaling(Calibrator):
    """A curve of straight pieces; beyond its ends it is constant. Ranks stay, but for new ties."""

    kind: Literal["isotonic"] = "isotonic"
    predicted: tuple[float, ...] = Field(min_length=1, description="Corners: predicted probabilities, rising.")
    observed: tuple[float, ...] = Field(min_length=1, description="Corners: share of ones.")

    def probability(self, probability: Shaped[np.ndarray, " item"]) -> Float[np.ndarray, " item"]:
        """Return the calibrated probability of class 1; it may be exactly 0 or 1."""
        return np.interp(require_probability(probability), self.predicted, self.observed)


def fit_isotonic(
    target: Shaped[np.ndarray, " item"],
    probability: Shaped[np.ndarray, " item"],
    weight: Float[np.ndarray, " item"] | None = None,
) -> IsotonicScaling:
    """Return the rising curve of least squared error, scikit-learn's (Zadrozny and Elkan, 2002).

    With fewer than about a thousand items it follows their noise; Platt's two numbers are then safer.

    Raises:
        InputError: shapes differ, a target that is not 0 or 1, or probabilities outside [0, 1].
    """
    given = require_probability(probability)
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    model.fit(given, require_binary(target).astype(np.float64), weight)
    return IsotonicScaling(predicted=tuple(model.X_thresholds_.tolist()), observed=tuple(model.y_thresholds_.tolist()))
