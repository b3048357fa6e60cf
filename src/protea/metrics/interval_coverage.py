"""Coverage: the share of targets that lie inside their intervals."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_intervals

__all__ = ["interval_coverage", "interval_coverage_by_unit"]


def interval_coverage_by_unit(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return coverage as a function of how often each unit is counted; see `interval_coverage`."""
    samples = select_intervals(target, interval, mask, unit)
    is_inside = (samples.low <= samples.target) & (samples.target <= samples.high)
    return mean_by_unit(is_inside.astype(np.float64), samples.unit)


def interval_coverage(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the share of counted targets with low <= target <= high, in [0, 1]; bounds belong to the interval.

    It has a right value, the nominal level, and so ranks no model: an infinite interval covers everything.

    Args:
        target: measured values, any shape.
        interval: the target's shape and a last axis (low, high), in the target's unit.
        mask: True where counted; the target's shape or its leading axes.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN, or low above high.
    """
    return interval_coverage_by_unit(target, interval, mask)(np.ones(1, dtype=np.int64))
