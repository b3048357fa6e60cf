"""Sharpness: the root of the mean predicted variance."""

import math

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_gaussian

__all__ = ["sharpness", "sharpness_by_unit"]


def sharpness_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return sharpness as a function of how often each unit is counted; see `sharpness`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    mean_variance = mean_by_unit(samples.sigma**2, samples.unit)
    return lambda count: math.sqrt(mean_variance(count))


def sharpness(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the root of the mean of sigma squared, in the target's unit (Gneiting et al., 2007).

    Variances are averaged, not deviations. A calibrated model has the sharpness of its own RMSE; a small value alone is
    no merit. The target says which samples there are.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return sharpness_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))
