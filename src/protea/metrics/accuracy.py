"""Accuracy: the share of samples whose class is right."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_classes, select_samples

__all__ = ["accuracy", "accuracy_by_unit"]


def accuracy_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return accuracy as a function of how often each unit is counted; see `accuracy`."""
    samples = select_samples(target, prediction, mask, unit)
    is_right = require_classes(samples.target, "target") == require_classes(samples.score, "prediction")
    return mean_by_unit(is_right.astype(np.float64), samples.unit)


def accuracy(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the share of counted samples whose predicted class equals the target, in [0, 1].

    Blind to rare classes: where one class in twenty is positive, "never" scores .95. Use AUPRC or MCC there.

    Raises:
        InputError: shapes do not match, nothing is counted, or entries are not class ids from 0.
    """
    return accuracy_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
