"""The mean over samples as a function of unit counts: what accuracy, MAE, RMSE and perplexity share."""

import numpy as np
from jaxtyping import Float, Int

from protea.metrics.samples import UnitStatistic

__all__ = ["mean_by_unit"]


def mean_by_unit(value: Float[np.ndarray, " sample"], unit: Int[np.ndarray, " sample"]) -> UnitStatistic:
    """Return the function that gives the mean of `value` over samples, each unit counted as often as told.

    Sums are taken once per unit, so that a call costs the number of units, not of samples.
    """
    sum_of = np.bincount(unit, weights=value)
    num_of = np.bincount(unit)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        used = count[: num_of.size]
        return float(used @ sum_of) / float(used @ num_of)

    return statistic
