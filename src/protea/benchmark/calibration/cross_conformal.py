"""Intervals and sets of classes from cross-validation (CV+; with a fold per item the jackknife+).

No item is held back from training. Axes: item (of the training set), fold, new, class, bound (low, high).
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.benchmark.calibration.order_statistic import conformal_rank
from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = ["cross_conformal_intervals", "cross_conformal_sets"]


def cross_conformal_intervals(
    error: Float[np.ndarray, " item"],
    fold: Int[np.ndarray, " item"],
    value: Float[np.ndarray, "fold new"],
    level: float = 0.9,
) -> Float[np.ndarray, "new 2"]:
    """Return the interval of each new item (Barber et al., 2021); infinite with too few items.

    The promise is 1 - 2 (1 - level), nearly (0.8 for 0.9), for any data; on most the coverage is about `level`.

    Args:
        error: |target - value| of each item, predicted by the model of its fold, which did not see it.
        fold: index of the fold that each item was left out of.
        value: what the model of each fold predicts for the new items.
        level: nominal coverage.

    Raises:
        InputError: shapes that do not fit, a fold without a model, NaN or infinity.
    """
    if error.shape != fold.shape or error.ndim != 1 or value.ndim != 2 or error.size == 0:
        raise InputError(
            describe(
                f"error {error.shape}, fold {fold.shape}, value {value.shape}", expected="[item], [item], [fold, new]"
            )
        )
    if fold.min() < 0 or fold.max() >= len(value):
        raise InputError(describe(f"folds {fold.min()} to {fold.max()}", expected=f"0 to {len(value) - 1}"))
    residual, predicted = require_finite(error, "error")[:, None], require_finite(value, "value")[fold]
    rank = conformal_rank(error.size, level)
    if rank > error.size:
        return np.broadcast_to([-np.inf, np.inf], (value.shape[1], 2)).copy()
    low = np.sort(predicted - residual, axis=0)[error.size - rank]
    high = np.sort(predicted + residual, axis=0)[rank - 1]
    # With few items and models that disagree the two order statistics may pass each other: nothing is inside then.
    middle = (low + high) / 2.0
    return np.stack([np.minimum(low, middle), np.maximum(high, middle)], axis=1)


def cross_conformal_sets(
    score: Float[np.ndarray, " item"],
    fold: Int[np.ndarray, " item"],
    asked: Float[np.ndarray, "fold new class"],
    level: float = 0.9,
) -> Bool[np.ndarray, "new class"]:
    """Return the set of classes of each new item (Romano et al., 2020, equation 13); all with too few items.

    The promise is that of the intervals.

    Args:
        score: how badly the true class of each item fits, by the model of its fold, which did not see it.
        fold: index of the fold that each item was left out of.
        asked: how badly each class fits the new items, by the model of each fold.
        level: nominal coverage.

    Raises:
        InputError: shapes that do not fit, a fold without a model, NaN or infinity, or a level outside (0, 1).
    """
    if score.shape != fold.shape or score.ndim != 1 or asked.ndim != 3 or score.size == 0:
        raise InputError(
            describe(f"score {score.shape}, fold {fold.shape}, asked {asked.shape}",
                     expected="[item], [item], [fold, new, class]")
        )  # fmt: skip
    if fold.min() < 0 or fold.max() >= len(asked):
        raise InputError(describe(f"folds {fold.min()} to {fold.max()}", expected=f"0 to {len(asked) - 1}"))
    own, found = require_finite(score, "score"), require_finite(asked, "asked")
    num_better = np.zeros(found.shape[1:], np.int64)
    for number in range(len(found)):
        of_fold = np.sort(own[fold == number])
        num_better += np.searchsorted(of_fold, found[number], side="left")
    # A whole number is below (n + 1) level where it is below its ceiling, which rounding does not reach.
    return np.asarray(num_better < conformal_rank(score.size, level))
