"""Interval of a metric by resampling whole units (proteins, clusters)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Shaped

from protea.errors import InputError
from protea.metrics.catalogue import Metric, MetricFunction
from protea.metrics.resamples import counts_of_resamples, index_units, statistic_of
from protea.metrics.undefined import UndefinedMetric

__all__ = ["Interval", "bootstrap_interval", "require_resampling"]


@dataclass(frozen=True)
class Interval:
    """A metric's value on all data, and the bounds of its bootstrap interval."""

    estimate: float
    low: float
    high: float
    num_units: int
    """Units with counted samples: the size of the data for every statement about uncertainty."""
    num_undefined_resamples: int
    """Resamples in which the metric had no value; the interval is over the others, so a large number is a warning."""


def require_resampling(num_resamples: int, level: float) -> None:
    """Check the settings of a bootstrap.

    Raises:
        InputError: fewer than two resamples, or a level outside (0, 1).
    """
    if num_resamples < 2:
        raise InputError(f"num_resamples is {num_resamples}; expected at least 2, usually 1000.")
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; expected a share between 0 and 1, such as 0.95.")


def bootstrap_interval(
    metric: Metric | MetricFunction,
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."] | Sequence[Shaped[np.ndarray, "..."]],
    unit: Shaped[np.ndarray, "..."],
    num_resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> Interval:
    """Return the metric with its percentile interval over resamples of whole units.

    Residues of one protein, and proteins of one cluster, err together; resampling residues would give an interval that
    is far too narrow. Units are drawn with replacement, as many as there are (cluster bootstrap; Davison and Hinkley,
    1997, section 3.8). With few units (below about 20) the interval is itself uncertain and on the narrow side.

    Args:
        metric: an entry of `METRICS` (fast), or any function ``(target, score, mask) -> float`` (by repetition).
        target: as the metric takes it.
        score: as the metric takes it; or one per training (at least one), of whose metrics the mean is told.
        unit: integer or string ids; the target's shape or its leading axes (metrics of rows: one per row).
        num_resamples: number of resamples.
        level: share of resamples between the bounds.
        seed: seed of the draws; equal seeds draw equal units.
        mask: True where counted.

    Raises:
        UndefinedMetric: the metric has no value on all data.
        InputError: as the metric; fewer than two units.
    """
    require_resampling(num_resamples, level)
    unit_idx, num_units = index_units(unit, target.shape, mask)
    statistic = statistic_of(metric, target, score, mask, unit_idx)
    estimate = statistic(np.ones(num_units, dtype=np.int64))
    values = []
    for count in counts_of_resamples(num_units, num_resamples, seed):
        try:
            values.append(statistic(count))
        except UndefinedMetric:
            continue  # counted below
    if not values:
        raise UndefinedMetric(f"the metric has no value in any of {num_resamples} resamples of {num_units} units.")
    low, high = np.quantile(values, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(estimate, float(low), float(high), num_units, num_resamples - len(values))
