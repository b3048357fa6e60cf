"""The order statistics of conformal prediction: how large a score of a new item may be, from scores of known ones.

A calibration score says how badly an item fits its prediction. If a new item is exchangeable with n calibration items,
its score is at most the k-th smallest of theirs with probability k / (n + 1). With too few items no finite bound has
the level asked for: it is then infinite, never the largest score. Axes: item, unit, new.
"""

import math

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = [
    "conformal_quantile",
    "conformal_rank",
    "least_units",
    "require_level",
    "unit_index",
    "weighted_conformal_quantile",
]

_ROUNDING = 1e-9
"""Sums of weights and n times a level are rounded: 100 * 0.55 is 55.00000000000001, and its ceiling must be 55."""


def require_level(level: float) -> None:
    """Check a nominal coverage; raise InputError outside (0, 1)."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level is {level}; expected a share between 0 and 1, such as 0.9 for intervals of 90 %.")


def conformal_rank(num: int, level: float) -> int:
    """Return k = ceil((num + 1) level): the k-th smallest of `num` scores bounds a new one at this level.

    Above `num` there is no such score, and the bound is infinite.
    """
    require_level(level)
    return math.ceil((num + 1) * level - _ROUNDING)


def least_units(level: float) -> int:
    """Return the least number of calibration units with which a bound of this level is finite."""
    require_level(level)
    return math.ceil(level / (1.0 - level) - _ROUNDING)


def unit_index(unit: Shaped[np.ndarray, " item"] | None, num: int) -> Int[np.ndarray, " item"]:
    """Return the index of each item's unit, from 0 without gaps; each item is its own unit where none is given.

    Raises:
        InputError: not one unit per item.
    """
    if unit is None:
        return np.arange(num)
    if unit.shape != (num,):
        raise InputError(describe(f"unit has shape {unit.shape}", expected=f"({num},), one per item"))
    index: np.ndarray = np.unique(unit, return_inverse=True)[1]
    return index.astype(np.int64)


def conformal_quantile(
    score: Float[np.ndarray, " item"], level: float, unit: Shaped[np.ndarray, " item"] | None = None
) -> float:
    """Return the bound that a new score keeps with at least the probability `level`; infinite with too few units.

    Without units it is the ceil((n + 1) level)-th smallest score. Units (proteins) are exchangeable where their items
    (residues) are not: each of K units then has the weight 1 / (K + 1), shared by its items, and the rest lies at
    infinity. The promise is for an item drawn from a new unit, so for the mean over units of the share covered (Lee,
    Barber and Willett, 2023; with one item per unit it is the same number).

    Raises:
        InputError: no score, NaN or infinity, or units that do not fit.
    """
    score = require_finite(score, "conformal score")
    if score.size == 0:
        raise InputError(describe("no calibration item", expected="at least one"))
    unit_of = unit_index(unit, score.size)
    num_units = int(unit_of.max()) + 1
    if num_units == score.size:
        rank = conformal_rank(score.size, level)
        return math.inf if rank > score.size else float(np.partition(score, rank - 1)[rank - 1])
    require_level(level)
    weight = 1.0 / np.bincount(unit_of)[unit_of]
    return float(weighted_conformal_quantile(score, weight, np.ones(1), level)[0])


def weighted_conformal_quantile(
    score: Float[np.ndarray, " item"],
    weight: Float[np.ndarray, " item"],
    new_weight: Float[np.ndarray, " new"],
    level: float,
) -> Float[np.ndarray, " new"]:
    """Return, for each new item, the least score below which lies the share `level` of all weight, its own at infinity.

    Equal weights give `conformal_quantile`. Weights proportional to a likelihood ratio keep the promise where new items
    come from another distribution of inputs (Tibshirani et al., 2019).

    Raises:
        InputError: a weight that is negative, NaN or infinite, none above 0, or shapes that differ.
    """
    require_level(level)
    if score.shape != weight.shape or score.ndim != 1 or score.size == 0:
        raise InputError(describe(f"scores {score.shape} and weights {weight.shape}", expected="one weight per score"))
    score = require_finite(score, "conformal score")
    for array in (weight, new_weight):
        if (require_finite(array, "weight") < 0).any():
            raise InputError(describe(f"a weight of {array.min():g}", expected="weights from 0"))
    order = np.argsort(score, kind="stable")
    below = np.cumsum(weight[order])
    wanted = level * (below[-1] + new_weight)
    place = np.searchsorted(below, wanted * (1.0 - _ROUNDING), side="left")
    return np.append(score[order], np.inf)[place]
