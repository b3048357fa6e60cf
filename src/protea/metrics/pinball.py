"""Pinball loss: what a predicted quantile is judged by."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.errors import InputError
from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_finite, select_samples

__all__ = ["pinball", "pinball_by_unit"]


def pinball_by_unit(
    target: Shaped[np.ndarray, "..."],
    quantile: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    level: float = 0.5,
) -> UnitStatistic:
    """Return the pinball loss as a function of how often each unit is counted; see `pinball`."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; expected a share between 0 and 1, such as 0.95.")
    samples = select_samples(target, quantile, mask, unit)
    above = require_finite(samples.target, "target") - require_finite(samples.score, "quantile")
    return mean_by_unit(np.maximum(level * above, (level - 1.0) * above), samples.unit)


def pinball(
    target: Shaped[np.ndarray, "..."],
    quantile: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    level: float = 0.5,
) -> float:
    """Return the mean pinball loss of a predicted quantile, in the target's unit; least at the true quantile.

    `level` times the distance where the target lies above, 1 - `level` times where it lies below (Koenker and Bassett,
    1978). At the median, 0.5, it is half the mean absolute error.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a level outside (0, 1).
    """
    return pinball_by_unit(target, quantile, mask, level=level)(np.ones(1, dtype=np.int64))
