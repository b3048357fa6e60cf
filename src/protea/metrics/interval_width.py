"""Mean width of intervals."""

import math

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_intervals

__all__ = ["interval_width", "interval_width_by_unit", "mean_or_infinity_by_unit"]


def mean_or_infinity_by_unit(value: Shaped[np.ndarray, " sample"], unit: Int[np.ndarray, " sample"]) -> UnitStatistic:
    """Return the mean as a function of unit counts; infinite where a counted unit holds an infinite value."""
    is_infinite = np.isinf(value)
    num_infinite_of = np.bincount(unit, weights=is_infinite)
    # Infinity times a count of zero would be NaN, so infinite entries are counted, not summed.
    mean = mean_by_unit(np.where(is_infinite, 0.0, value), unit)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        return math.inf if count[: num_infinite_of.size] @ num_infinite_of > 0 else mean(count)

    return statistic


def interval_width_by_unit(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the mean width as a function of how often each unit is counted; see `interval_width`."""
    samples = select_intervals(target, interval, mask, unit)
    return mean_or_infinity_by_unit(samples.high - samples.low, samples.unit)


def interval_width(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean of high - low over counted samples, in the target's unit; infinite if one interval is.

    Widths compare two models only where both cover what they claim. The target says which samples there are.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN, or low above high.
    """
    return interval_width_by_unit(target, interval, mask)(np.ones(1, dtype=np.int64))
