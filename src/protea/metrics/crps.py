"""Continuous ranked probability score: of a predicted Gaussian, or of drawn samples."""

import numpy as np
from jaxtyping import Int, Shaped
from scipy.special import erf

from protea.errors import InputError
from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_finite, select_samples
from protea.metrics.stated_uncertainty import select_gaussian

__all__ = ["crps", "crps_by_unit", "crps_of_draws", "crps_of_draws_by_unit"]


def crps_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the score of Gaussians as a function of how often each unit is counted; see `crps`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    z = samples.standardised_error
    density = np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi)
    score = samples.sigma * (z * erf(z / np.sqrt(2.0)) + 2.0 * density - 1.0 / np.sqrt(np.pi))
    return mean_by_unit(score, samples.unit)


def crps(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean continuous ranked probability score of Gaussians, in the target's unit; 0 is perfect.

    The integral of (F(x) - 1[x >= target])^2; closed form of Gneiting and Raftery (2007), equation 21. With sigma going
    to 0 it becomes the mean absolute error.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return crps_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))


def crps_of_draws_by_unit(
    target: Shaped[np.ndarray, "..."],
    draws: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the score of draws as a function of how often each unit is counted; see `crps_of_draws`."""
    samples = select_samples(target, draws, mask, unit, has_classes=True)
    value = np.sort(require_finite(samples.score, "draws"), axis=1)
    num_draws = value.shape[1]
    if num_draws == 0:
        raise InputError(f"draws have shape {draws.shape}; expected at least one draw per sample.")
    distance = np.abs(value - require_finite(samples.target, "target")[:, None]).mean(axis=1)
    # Half the mean distance of two draws, from the sorted values: sum (2 i - n - 1) x_i / n^2, i from 1.
    place = 2.0 * np.arange(1, num_draws + 1) - num_draws - 1.0
    return mean_by_unit(distance - value @ place / num_draws**2, samples.unit)


def crps_of_draws(
    target: Shaped[np.ndarray, "..."],
    draws: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean continuous ranked probability score of the draws' own step function, in the target's unit.

    E|x - y| - E|x - x'| / 2 over draws x, x' (with replacement). One draw gives the absolute error; few draws score
    worse than the distribution that they come from.

    Args:
        target: measured values, any shape.
        draws: the target's shape and a last axis of draws.
        mask: True where counted; the target's shape or its leading axes.

    Raises:
        InputError: shapes do not match, nothing is counted, no draw, NaN or infinity.
    """
    return crps_of_draws_by_unit(target, draws, mask)(np.ones(1, dtype=np.int64))
