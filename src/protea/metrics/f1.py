"""Macro-F1: the unweighted mean over classes of each class's F1."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.class_counts import class_counts_by_unit
from protea.metrics.samples import UnitStatistic

__all__ = ["macro_f1", "macro_f1_by_unit"]


def macro_f1_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return macro-F1 as a function of how often each unit is counted; see `macro_f1`."""
    counts_of = class_counts_by_unit(target, prediction, mask, unit)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        counts = counts_of(count)
        num_either = counts.num_target + counts.num_predicted
        occurs = num_either > 0
        return float(np.mean(2.0 * counts.num_right[occurs] / num_either[occurs]))

    return statistic


def macro_f1(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean over classes of F1 = 2 right / (true + predicted), in [0, 1].

    Absent classes: a class that occurs neither among the counted targets nor among the predictions does not enter the
    mean, whatever the model's number of classes; a class that is predicted but never true, or true but never predicted,
    enters with 0. (This is scikit-learn's default.) With two classes the mean is over both, the negative one too.

    Raises:
        InputError: shapes do not match, nothing is counted, or entries are not class ids from 0.
    """
    return macro_f1_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
