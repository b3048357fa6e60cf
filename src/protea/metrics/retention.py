"""The error-retention curve: the error that remains if only the surest predictions are kept; its area and ratio."""

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.metrics.ranking import Ranking, rank_samples
from protea.metrics.samples import UnitStatistic
from protea.metrics.stated_uncertainty import select_gaussian
from protea.metrics.undefined import UndefinedMetric

__all__ = [
    "rejection_ratio",
    "rejection_ratio_by_unit",
    "retention_area",
    "retention_area_by_unit",
    "retention_curve",
]


def _curve(
    error: Float[np.ndarray, " sample"], ranking: Ranking, weight: Int[np.ndarray, " sample"]
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """Return share kept and error that remains, at the borders of tie groups, the surest first."""
    in_order = ranking.order
    kept = np.concatenate([[0], np.cumsum(weight[in_order])])[ranking.group_ptr].astype(np.float64)
    remaining = np.concatenate([[0.0], np.cumsum((weight * error)[in_order])])[ranking.group_ptr]
    return kept / kept[-1], remaining / kept[-1]


def _area(error: Float[np.ndarray, " sample"], ranking: Ranking, weight: Int[np.ndarray, " sample"]) -> float:
    # Within a tie group any order is as good, and the mean over orders is a straight line: the trapezoid is exact.
    kept, remaining = _curve(error, ranking, weight)
    return float((np.diff(kept) * (remaining[1:] + remaining[:-1])).sum() / 2.0)


def retention_curve(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """Return the share kept (0 to 1) and (sum of |error| over the kept) / (number of all), those of least sigma first.

    Raises:
        InputError: as `retention_area`.
    """
    samples = select_gaussian(target, gaussian, mask, None)
    error = np.abs(samples.target - samples.mean)
    return _curve(error, rank_samples(-samples.sigma), np.ones(error.size, dtype=np.int64))


def retention_area_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the area as a function of how often each unit is counted; see `retention_area`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    error, by_sigma = np.abs(samples.target - samples.mean), rank_samples(-samples.sigma)
    return lambda count: _area(error, by_sigma, count[samples.unit])


def retention_area(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the area under the error-retention curve, in the target's unit; half the mean absolute error is chance.

    Samples are kept in order of rising sigma, and what is not kept is taken as known, so with error 0 (Malinin et al.,
    Shifts, 2021; there with squared errors). The area is small for small errors and for a sigma that finds the large.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return retention_area_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))


def rejection_ratio_by_unit(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the ratio as a function of how often each unit is counted; see `rejection_ratio`."""
    samples = select_gaussian(target, gaussian, mask, unit)
    error = np.abs(samples.target - samples.mean)
    by_sigma, by_error = rank_samples(-samples.sigma), rank_samples(-error)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        weight = count[samples.unit]
        chance = float(weight @ error) / float(weight.sum()) / 2.0
        gain = chance - _area(error, by_error, weight)
        if gain <= 1e-12 * chance:
            raise UndefinedMetric(
                "the rejection ratio is not defined: all errors are equal, so no order of samples is better than "
                "another; expected errors that differ."
            )
        return (chance - _area(error, by_sigma, weight)) / gain

    return statistic


def rejection_ratio(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return (chance - retention area) / (chance - area of the oracle), at most 1; 0 is a sigma that says nothing.

    The oracle keeps samples in order of their true error; chance is half the mean absolute error (prediction rejection
    ratio; Malinin, 2019). The size of the errors has cancelled, so models of unlike accuracy compare.

    Raises:
        UndefinedMetric: all errors are equal.
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    return rejection_ratio_by_unit(target, gaussian, mask)(np.ones(1, dtype=np.int64))
