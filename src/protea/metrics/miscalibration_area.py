"""Miscalibration area: how far the coverage of central intervals lies from what they claim, over all levels."""

import numpy as np
from jaxtyping import Int, Shaped
from scipy.special import erf

from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_gaussian

__all__ = ["miscalibration_area", "miscalibration_area_by_unit"]


def miscalibration_area_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the miscalibration area as a function of how often each unit is counted; see `miscalibration_area`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    # The smallest level whose central interval holds the target.
    level = erf(np.abs(samples.standardised_error) / np.sqrt(2.0))
    order = np.argsort(level, kind="stable")
    edge = np.concatenate([[0.0], level[order], [1.0]])
    unit_in_order = samples.unit[order]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        num_inside = np.cumsum(count[unit_in_order])
        observed = np.concatenate([[0.0], num_inside / num_inside[-1]])
        above, below = edge[1:] - observed, edge[:-1] - observed
        # Between two edges the observed coverage is constant, and |p - c| has the integral (p - c) |p - c| / 2.
        return float((above * np.abs(above) - below * np.abs(below)).sum() / 2.0)

    return statistic


def miscalibration_area(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the integral over p of |observed coverage of the central p interval - p|, in [0, 0.5].

    The observed coverage is a step function of p, so the integral is exact; a grid of levels would depend on the grid.
    It is 0.5 where sigma is far too small or far too large, and about 0.31 / sqrt(samples) where it is right.

    Args:
        target: measured values, any shape.
        gaussian: the target's shape and a last axis (mean, sigma), in the target's unit.
        mask: True where counted; the target's shape or its leading axes.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return miscalibration_area_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))
