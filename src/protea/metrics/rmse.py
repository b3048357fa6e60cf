"""Root mean squared error."""

import math

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_finite, select_samples

__all__ = ["rmse", "rmse_by_unit"]


def rmse_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the root mean squared error as a function of how often each unit is counted; see `rmse`."""
    samples = select_samples(target, prediction, mask, unit)
    error = require_finite(samples.score, "prediction") - require_finite(samples.target, "target")
    mean_square = mean_by_unit(error**2, samples.unit)
    return lambda count: math.sqrt(mean_square(count))


def rmse(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the root of the mean squared error over all counted samples, in the target's unit.

    The root is taken once, over the data set: the mean of per-batch roots is smaller.

    Raises:
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN or infinite.
    """
    return rmse_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
