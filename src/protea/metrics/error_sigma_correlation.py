"""Rank correlation of the size of the error and the predicted sigma."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.samples import UnitStatistic
from protea.metrics.spearman import spearman_by_unit
from protea.metrics.stated_uncertainty import select_gaussian

__all__ = ["error_sigma_correlation", "error_sigma_correlation_by_unit"]


def error_sigma_correlation_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the correlation as a function of how often each unit is counted; see `error_sigma_correlation`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    return spearman_by_unit(np.abs(samples.target - samples.mean), samples.sigma, None, samples.unit)


def error_sigma_correlation(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the Spearman correlation of |target - mean| and sigma, in [-1, 1].

    Even a perfect sigma stays well below 1, as a Gaussian of wide spread often hits by chance: at sigmas
    spread evenly over a factor of ten (in the logarithm) it is 0.57.

    Raises:
        UndefinedMetric: sigma or the error is constant.
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return error_sigma_correlation_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))
