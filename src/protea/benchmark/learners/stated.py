"""Intervals of a learner from the few labels that it is fitted to: its own, or from cross-validation.

A learner that states a standard deviation is taken at its word (a Gaussian), unless asked not to: with 10 or 20 labels
such words were seen to hold less than they say. Any other is fitted again without each of
some folds, and the errors on what was left out make the interval (CV+), so that no label is held back.
Axes: row, asked.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import stats

from protea.benchmark.calibration.cross_conformal import cross_conformal_intervals
from protea.benchmark.learners.learner import Columns, LearnerConfig
from protea.benchmark.learners.row_split import random_folds
from protea.errors import InputError, describe

__all__ = ["LEAST_LABELS", "StatedValues", "fit_and_state"]

_INNER_FOLDS = 5
_OUTER_FOLDS = 10
LEAST_LABELS = 6
"""With fewer there are no folds in which settings could be chosen."""


@dataclass(frozen=True, eq=False)
class StatedValues:
    """Values of the asked rows with an interval each, in the unit of the labels."""

    value: Float[np.ndarray, " asked"]
    interval: Float[np.ndarray, "asked 2"]
    way: str
    """`own`: the learner's Gaussian; `CV+`: from cross-validation."""


def fit_and_state(
    learner: LearnerConfig, columns: Columns, label: Float[np.ndarray, " row"], asked: Columns, level: float, seed: int,
    *, is_crossed: bool = False,
) -> StatedValues:  # fmt: skip
    """Return what the learner says of the asked rows, all settings chosen on folds of the given ones.

    The promise of CV+ is 1 - 2 (1 - level) for rows that are exchangeable with the labelled ones; on most data the
    coverage is about `level`. The learner's own interval promises nothing; with `is_crossed` it is not used.

    Raises:
        InputError: fewer than `LEAST_LABELS` labels.
    """
    num = label.size
    if num < LEAST_LABELS:
        raise InputError(describe(f"{num} labels", expected=f"{LEAST_LABELS} or more"))
    found = learner.fit(columns, label, random_folds(num, min(_INNER_FOLDS, num), seed), seed).predict(asked)
    if found.std is not None and not is_crossed:
        half = float(stats.norm.ppf((1.0 + level) / 2.0)) * found.std
        return StatedValues(found.mean, np.stack([found.mean - half, found.mean + half], axis=1), "own")
    error, fold_of = np.empty(num), np.empty(num, dtype=np.int64)
    of_fold = []
    for place, fold in enumerate(random_folds(num, min(_OUTER_FOLDS, num), seed + 1)):
        inner = random_folds(fold.train.size, min(_INNER_FOLDS, fold.train.size), seed + 2 + place)
        fitted = learner.fit(columns[fold.train], label[fold.train], inner, seed)
        error[fold.test] = np.abs(label[fold.test] - fitted.predict(columns[fold.test]).mean)
        fold_of[fold.test] = place
        of_fold.append(fitted.predict(asked).mean)
    interval = cross_conformal_intervals(error, fold_of, np.stack(of_fold), level)
    return StatedValues(found.mean, interval, "CV+")
