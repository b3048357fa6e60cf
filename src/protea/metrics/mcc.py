"""Matthews correlation coefficient for two or more classes."""

import math

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.class_counts import class_counts_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.undefined import UndefinedMetric

__all__ = ["mcc", "mcc_by_unit"]


def mcc_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return MCC as a function of how often each unit is counted; see `mcc`."""
    counts_of = class_counts_by_unit(target, prediction, mask, unit)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        counts = counts_of(count)
        # Shares, not numbers: products of four counts leave the range where float64 is exact.
        total = counts.num_target.sum()
        target_share, predicted_share = counts.num_target / total, counts.num_predicted / total
        if np.count_nonzero(counts.num_target) == 1:
            raise UndefinedMetric(
                f"MCC is not defined: all {int(total)} counted samples are of one class; expected at least two classes."
            )
        if np.count_nonzero(counts.num_predicted) == 1:
            return 0.0
        covariance = counts.num_right.sum() / total - target_share @ predicted_share
        target_variance = 1.0 - target_share @ target_share
        predicted_variance = 1.0 - predicted_share @ predicted_share
        return float(np.clip(covariance / math.sqrt(target_variance * predicted_variance), -1.0, 1.0))

    return statistic


def mcc(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the correlation between true and predicted class, in [-1, 1]; 0 is chance.

    For more than two classes the R_K of Gorodkin (Comput. Biol. Chem. 28, 367, 2004). A model that always predicts the
    same class has 0 by convention (0 / 0; nothing is associated with a constant), so that prior controls have a value.

    Raises:
        UndefinedMetric: all targets are of one class.
        InputError: shapes do not match, nothing is counted, or entries are not class ids from 0.
    """
    return mcc_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
