"""How far predicted changes A -> B and B -> A are from being each other's negative, after Pucci et al. (2018).

The first array holds the predictions of A -> B (direct), the second those of B -> A (reverse), pair by pair. An exact
predictor has the correlation -1 and the bias 0. Neither says that a prediction is right: the errors of both directions
do (`rmse`).
"""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.pearson import weighted_correlation
from protea.metrics.samples import UnitStatistic, require_finite, select_samples

__all__ = [
    "antisymmetry_bias",
    "antisymmetry_bias_by_unit",
    "antisymmetry_correlation",
    "antisymmetry_correlation_by_unit",
]


def antisymmetry_correlation_by_unit(
    direct: Shaped[np.ndarray, "..."],
    reverse: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the correlation as a function of how often each unit is counted; see `antisymmetry_correlation`."""
    samples = select_samples(direct, reverse, mask, unit)
    x, y = require_finite(samples.target, "direct"), require_finite(samples.score, "reverse")
    return lambda count: weighted_correlation(x, y, count[samples.unit], "correlation of direct and reverse")


def antisymmetry_correlation(
    direct: Shaped[np.ndarray, "..."],
    reverse: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return Pearson's correlation of direct and reverse predictions, in [-1, 1]; -1 is what physics asks for.

    Raises:
        UndefinedMetric: either is constant.
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN or infinite.
    """
    return antisymmetry_correlation_by_unit(direct, reverse, mask)(np.ones(1, dtype=np.int64))


def antisymmetry_bias_by_unit(
    direct: Shaped[np.ndarray, "..."],
    reverse: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the bias as a function of how often each unit is counted; see `antisymmetry_bias`."""
    samples = select_samples(direct, reverse, mask, unit)
    middle = (require_finite(samples.target, "direct") + require_finite(samples.score, "reverse")) / 2
    return mean_by_unit(middle, samples.unit)


def antisymmetry_bias(
    direct: Shaped[np.ndarray, "..."],
    reverse: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean of (direct + reverse) / 2, in the unit of the predictions; 0 is what physics asks for.

    Raises:
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN or infinite.
    """
    return antisymmetry_bias_by_unit(direct, reverse, mask)(np.ones(1, dtype=np.int64))
