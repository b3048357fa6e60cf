"""Temperature scaling: logits divided by one number, fitted on held-out items. Axes: item, class."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int, Shaped
from pydantic import Field
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from protea.benchmark.calibration.calibrator import Calibrator
from protea.errors import InputError, describe
from protea.metrics.samples import require_classes, require_finite

__all__ = ["TemperatureScaling", "as_two_logits", "fit_temperature"]

_WIDEST = 6.0
"""Temperatures from e^-6 to e^6 are searched."""
_LEAST_PROBABILITY = 1e-12


def as_two_logits(probability: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, "item 2"]:
    """Return log-probabilities of classes 0 and 1; probabilities of 0 and 1 are moved inwards by 1e-12."""
    inside = np.clip(np.asarray(probability, dtype=np.float64), _LEAST_PROBABILITY, 1.0 - _LEAST_PROBABILITY)
    return np.log(np.stack([1.0 - inside, inside], axis=1))


class TemperatureScaling(Calibrator):
    """softmax(logits / temperature); above 1 probabilities become less sure, and the predicted class stays."""

    kind: Literal["temperature"] = "temperature"
    temperature: float = Field(gt=0, description="What logits are divided by.")

    def log_probability(self, logits: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, "item class"]:
        """Return natural log-probabilities; `logits` may be log-probabilities."""
        return log_softmax(np.asarray(logits, dtype=np.float64) / self.temperature, axis=1)

    def probability(self, probability: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, " item"]:
        """Return the scaled probability of class 1 of two."""
        return np.exp(self.log_probability(as_two_logits(probability))[:, 1])


def fit_temperature(
    target: Int[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    weight: Float[np.ndarray, "..."] | None = None,
) -> TemperatureScaling:
    """Return the temperature of least cross-entropy (Guo et al., 2017).

    Args:
        target: class ids.
        logits: logits or log-probabilities, finite.
        weight: of each item, such as 1 / (items of its protein); equal where not given.

    Raises:
        InputError: shapes that do not fit, NaN or infinity, or a temperature at the end of what is searched: every
            predicted class is right (no finite answer), or the logits say nothing.
    """
    true_id, logit = require_classes(target, "target"), require_finite(logits, "logits")
    if logit.ndim != 2 or true_id.shape != logit.shape[:1] or true_id.size == 0 or true_id.max() >= logit.shape[1]:
        raise InputError(describe(f"target {true_id.shape}, logits {logit.shape}", expected="[item], [item, class]"))
    share = np.ones(true_id.size) if weight is None else weight
    rows = np.arange(true_id.size)
    is_wrong = (logit > logit[rows, true_id][:, None]).any(axis=1)

    def loss(log_temperature: float) -> float:
        return -float(share @ log_softmax(logit * np.exp(-log_temperature), axis=1)[rows, true_id]) / share.sum()

    found = minimize_scalar(loss, bounds=(-_WIDEST, _WIDEST), method="bounded", options={"xatol": 1e-7})
    if not is_wrong.any() or abs(found.x) > _WIDEST - 1e-3:
        raise InputError(
            describe("no temperature has the least cross-entropy", found=f"log temperature {found.x:.2f}",
                     expected="some items that are predicted wrong, and logits that tell classes apart",
                     do="Calibrate on more held-out items.")
        )  # fmt: skip
    return TemperatureScaling(temperature=float(np.exp(found.x)))
