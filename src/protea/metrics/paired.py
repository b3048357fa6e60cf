"""Difference of two models on the same data: by resampling units, or over folds; with its p-value."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from scipy import stats

from protea.errors import InputError
from protea.metrics.bootstrap import require_resampling
from protea.metrics.catalogue import Metric, MetricFunction
from protea.metrics.resamples import counts_of_resamples, index_units, statistic_of
from protea.metrics.samples import require_finite
from protea.metrics.undefined import UndefinedMetric

__all__ = ["PairedDifference", "paired_difference", "paired_over_folds"]

_MOST_SETTINGS = 20  # 2^20 sums fit in 8 MB


@dataclass(frozen=True)
class PairedDifference:
    """Model a minus model b on the same data, with interval and two-sided p-value.

    Positive means that a has the larger value, which is the better one only where higher is better.
    """

    difference: float
    low: float
    high: float
    p_value: float
    standard_error: float
    num_units: int
    """Units, or folds, that the comparison rests on."""
    num_undefined_resamples: int


def paired_difference(
    metric: Metric | MetricFunction,
    target: Shaped[np.ndarray, "..."],
    score_a: Shaped[np.ndarray, "..."] | Sequence[Shaped[np.ndarray, "..."]],
    score_b: Shaped[np.ndarray, "..."] | Sequence[Shaped[np.ndarray, "..."]],
    unit: Shaped[np.ndarray, "..."],
    num_resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> PairedDifference:
    """Return metric(a) - metric(b) with percentile interval and p-value over resamples of whole units.

    Both models are scored on the same draws, so what makes a protein hard for both cancels. The p-value is two-sided,
    the smallest 1 - level at which the interval would exclude 0: 2 min(#(d <= 0), #(d >= 0)), one added to each number
    and to the number of resamples, so that it is never 0: its smallest value is 2 / (num_resamples + 1). It speaks of
    other proteins, not of other trainings; for those compare seeds as well. Of several scores (one per training) the
    means of their metrics are compared.

    Raises:
        UndefinedMetric: the metric has no value on all data, or in any resample.
        InputError: as the metric; fewer than two units.
    """
    require_resampling(num_resamples, level)
    unit_idx, num_units = index_units(unit, target.shape, mask)
    statistic_a = statistic_of(metric, target, score_a, mask, unit_idx)
    statistic_b = statistic_of(metric, target, score_b, mask, unit_idx)
    once = np.ones(num_units, dtype=np.int64)
    difference = statistic_a(once) - statistic_b(once)
    values = []
    for count in counts_of_resamples(num_units, num_resamples, seed):
        try:
            values.append(statistic_a(count) - statistic_b(count))
        except UndefinedMetric:
            continue  # counted below
    if len(values) < 2:
        raise UndefinedMetric(
            f"the metric has a value in {len(values)} of {num_resamples} resamples; expected two or more."
        )
    resampled = np.array(values)
    low, high = np.quantile(resampled, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    num_one_side = min(np.count_nonzero(resampled <= 0), np.count_nonzero(resampled >= 0))
    return PairedDifference(
        difference=difference,
        low=float(low),
        high=float(high),
        p_value=min(1.0, 2.0 * (num_one_side + 1) / (resampled.size + 1)),
        standard_error=float(resampled.std(ddof=1)),
        num_units=num_units,
        num_undefined_resamples=num_resamples - resampled.size,
    )


def _sign_flip_p(difference: Float[np.ndarray, " setting"]) -> float:
    """Return the share of all sign assignments whose |sum| is at least the observed one."""
    # The sum and its negative are equally extreme, so the first sign can stay.
    sums = difference[:1]
    for value in difference[1:]:
        sums = np.concatenate([sums + value, sums - value])
    # The same numbers summed in another order differ by rounding; the margin lets the observed sum find itself.
    margin = 1e-12 * np.abs(difference).sum()
    return float(np.mean(np.abs(sums) >= abs(difference.sum()) - margin))


def paired_over_folds(
    value_a: Shaped[np.ndarray, "..."], value_b: Shaped[np.ndarray, "..."], level: float = 0.95
) -> PairedDifference:
    """Return the mean of a - b over folds with its t interval and the p-value of the exact sign-flip permutation test.

    The p-value is the share of all 2^n assignments of signs whose mean is at least as far from 0. Its smallest value is
    2^(1 - n): .0625 for five folds, which can never be called significant at .05; ten give .002. The interval is
    Student's t over the n differences. Both take the differences as independent; folds share training proteins and
    seeds share everything but the noise, so average the seeds of a fold first and read the result as a lower bound on
    doubt.

    Args:
        value_a: the metric of model a, one value per fold, 2 to 20.
        value_b: that of model b on the same folds in the same order.
        level: share covered by the interval.

    Raises:
        InputError: shapes differ, fewer than 2 or more than 20 folds, or a value is not finite.
    """
    require_resampling(2, level)
    if value_a.ndim != 1 or value_a.shape != value_b.shape or not 2 <= value_a.size <= _MOST_SETTINGS:
        raise InputError(
            f"value_a has shape {value_a.shape}, value_b has shape {value_b.shape}; expected one value per fold, the "
            f"same folds for both, from 2 to {_MOST_SETTINGS}."
        )
    difference = require_finite(value_a, "value_a") - require_finite(value_b, "value_b")
    mean = float(difference.mean())
    standard_error = float(difference.std(ddof=1) / np.sqrt(difference.size))
    half_width = float(stats.t.ppf((1.0 + level) / 2.0, difference.size - 1)) * standard_error
    return PairedDifference(
        difference=mean,
        low=mean - half_width,
        high=mean + half_width,
        p_value=_sign_flip_p(difference),
        standard_error=standard_error,
        num_units=difference.size,
        num_undefined_resamples=0,
    )
