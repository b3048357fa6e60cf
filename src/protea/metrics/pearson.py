"""Pearson correlation."""

import math

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.metrics.samples import UnitStatistic, require_finite, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["pearson", "pearson_by_unit", "weighted_correlation"]


def weighted_correlation(
    x: Float[np.ndarray, " sample"], y: Float[np.ndarray, " sample"], weight: Int[np.ndarray, " sample"], name: str
) -> float:
    """Return the correlation of `x` and `y`, each sample counted `weight` times, in [-1, 1].

    Raises:
        UndefinedMetric: `x` or `y` is constant over the samples of positive weight; the message begins with `name`.
    """
    is_used = weight > 0
    centred = []
    for value, what in ((x, "target"), (y, "score")):
        used = value[is_used]
        if used.max() == used.min():
            raise UndefinedMetric(
                f"{name} is not defined: {what} is constant over all {used.size} samples; expected it to vary."
            )
        difference = value - (weight @ value) / weight.sum()
        # Scaled so that squares neither overflow nor underflow; the scale cancels.
        centred.append(difference / np.abs(difference[is_used]).max())
    weighted_x, weighted_y = weight * centred[0], weight * centred[1]
    scale = math.sqrt((weighted_x @ centred[0]) * (weighted_y @ centred[1]))  # at least 1, by the scaling
    return float(np.clip(weighted_x @ centred[1] / scale, -1.0, 1.0))


def pearson_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return Pearson correlation as a function of how often each unit is counted; see `pearson`."""
    samples = select_samples(target, prediction, mask, unit)
    x, y = require_finite(samples.target, "target"), require_finite(samples.score, "prediction")
    return lambda count: weighted_correlation(x, y, count[samples.unit], "Pearson correlation")


def pearson(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the linear correlation between target and prediction over all counted samples, in [-1, 1].

    Raises:
        UndefinedMetric: target or prediction is constant (a single sample included).
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN or infinite.
    """
    return pearson_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
