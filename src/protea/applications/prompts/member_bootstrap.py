"""Intervals of metrics where items are pairs that share proteins: proteins are resampled, not pairs.

A protein that is drawn twice stands twice in each of its pairs, so a pair counts as often as the product of the draws
of its two members (the node bootstrap of networks). Resampling pairs as if they were independent would give intervals
that are too narrow, because all pairs of a protein err together.
"""

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.errors import InputError, describe
from protea.metrics.bootstrap import Interval, require_resampling
from protea.metrics.catalogue import Metric
from protea.metrics.resamples import counts_of_resamples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["member_bootstrap"]


def member_bootstrap(
    metric: Metric,
    target: Shaped[np.ndarray, "pair ..."],
    score: Float[np.ndarray, "pair ..."],
    member: Int[np.ndarray, "pair 2"],
    num_resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return the metric over pairs with its percentile interval over resamples of their proteins.

    Raises:
        UndefinedMetric: if the metric has no value on all pairs, or in any resample.
        InputError: if there are fewer than two proteins.
    """
    require_resampling(num_resamples, level)
    proteins, place = np.unique(member, return_inverse=True)
    ends = place.reshape(-1, 2)
    if len(proteins) < 2:
        raise InputError(describe("too few proteins to resample", expected="at least 2", found=str(len(proteins))))
    rows = np.arange(len(member))
    unit = rows if target.ndim == 1 else np.broadcast_to(rows[:, None], target.shape)
    statistic = metric.by_unit(target, score, None, unit)
    estimate = statistic(np.ones(len(member), dtype=np.int64))
    is_same, values = ends[:, 0] == ends[:, 1], []
    for count in counts_of_resamples(len(proteins), num_resamples, seed):
        first, second = count[ends[:, 0]], count[ends[:, 1]]
        try:
            values.append(statistic(np.where(is_same, first, first * second)))
        except UndefinedMetric:
            continue  # counted below
    if not values:
        raise UndefinedMetric(f"the metric has no value in any of {num_resamples} resamples of proteins.")
    low, high = np.quantile(values, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(estimate, float(low), float(high), len(proteins), num_resamples - len(values))
