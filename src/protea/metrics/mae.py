"""Mean absolute error."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_finite, select_samples

__all__ = ["mae", "mae_by_unit"]


def mae_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the mean absolute error as a function of how often each unit is counted; see `mae`."""
    samples = select_samples(target, prediction, mask, unit)
    error = require_finite(samples.score, "prediction") - require_finite(samples.target, "target")
    return mean_by_unit(np.abs(error), samples.unit)


def mae(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean over counted samples of |prediction - target|, in the target's unit.

    Raises:
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN or infinite.
    """
    return mae_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
