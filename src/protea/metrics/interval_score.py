"""Interval score: width, and a price for each target outside."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.errors import InputError
from protea.metrics.interval_width import mean_or_infinity_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_intervals

__all__ = ["interval_score", "interval_score_by_unit"]


def interval_score_by_unit(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    level: float = 0.9,
) -> UnitStatistic:
    """Return the interval score as a function of how often each unit is counted; see `interval_score`."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; expected a share between 0 and 1, such as 0.9.")
    samples = select_intervals(target, interval, mask, unit)
    outside = np.maximum(samples.low - samples.target, 0.0) + np.maximum(samples.target - samples.high, 0.0)
    return mean_or_infinity_by_unit(samples.high - samples.low + 2.0 / (1.0 - level) * outside, samples.unit)


def interval_score(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    level: float = 0.9,
) -> float:
    """Return the mean of width + 2 / (1 - level) x distance of the target from the interval, in the target's unit.

    Least for the true central interval of this level (Gneiting and Raftery, 2007, equation 43), so it ranks models that
    width and coverage alone do not. Infinite if one interval is.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN, low above high, or a level outside (0, 1).
    """
    return interval_score_by_unit(target, interval, mask, level=level)(np.ones(1, dtype=np.int64))
