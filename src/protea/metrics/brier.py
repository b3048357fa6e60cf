"""Brier score: mean squared distance between probabilities and what happened, binary or over classes."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_binary, select_samples
from protea.metrics.stated_uncertainty import class_probabilities, require_probability

__all__ = ["brier", "brier_by_unit", "brier_classes", "brier_classes_by_unit"]


def brier_by_unit(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the Brier score as a function of how often each unit is counted; see `brier`."""
    samples = select_samples(target, probability, mask, unit)
    error = require_probability(samples.score) - require_binary(samples.target)
    return mean_by_unit(error**2, samples.unit)


def brier(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean of (probability of 1 - target)^2, in [0, 1]; q (1 - q) for the constant share q of positives.

    Raises:
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score outside [0, 1].
    """
    return brier_by_unit(target, probability, mask)(np.ones(1, dtype=np.int64))


def brier_classes_by_unit(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the Brier score over classes as a function of how often each unit is counted; see `brier_classes`."""
    samples = select_samples(target, logits, mask, unit, has_classes=True)
    true_id, probability = class_probabilities(samples.target, samples.score)
    of_true = np.take_along_axis(probability, true_id[:, None], axis=1)[:, 0]
    return mean_by_unit((probability**2).sum(axis=1) - 2.0 * of_true + 1.0, samples.unit)


def brier_classes(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean over samples of sum over classes (probability - 1[class is true])^2, in [0, 2].

    Brier's own definition; with two classes it is twice `brier`. Logits are normalised here, so log-probabilities
    serve too.

    Raises:
        InputError: shapes do not match, nothing is counted, a class id is out of range, NaN or +infinity.
    """
    return brier_classes_by_unit(target, logits, mask)(np.ones(1, dtype=np.int64))
