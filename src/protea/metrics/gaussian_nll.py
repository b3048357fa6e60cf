"""Negative log likelihood of a predicted Gaussian."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_gaussian

__all__ = ["gaussian_nll", "gaussian_nll_by_unit"]


def gaussian_nll_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the negative log likelihood as a function of how often each unit is counted; see `gaussian_nll`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    loss = 0.5 * np.log(2.0 * np.pi) + np.log(samples.sigma) + samples.standardised_error**2 / 2.0
    return mean_by_unit(loss, samples.unit)


def gaussian_nll(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean over counted samples of -ln N(target; mean, sigma^2), natural logarithm.

    It is a density, so it may be negative, and it changes by ln k where the unit changes by a factor k.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return gaussian_nll_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))
