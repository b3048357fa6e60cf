"""The highest micro-F1 over all thresholds of a score, and the threshold that gives it."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from protea.metrics.ranking import rank_samples
from protea.metrics.samples import UnitStatistic, require_binary, require_score, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["Cut", "best_cut", "micro_f1_best", "micro_f1_best_by_unit"]


class Cut(NamedTuple):
    """A threshold (a label is predicted at or above it) and the micro-F1 that it gives."""

    threshold: float
    micro_f1: float


def best_cut(is_true: Bool[np.ndarray, "..."], score: Float[np.ndarray, "..."]) -> Cut:
    """Return the threshold with the highest micro-F1, the highest of several; cells of equal score stay together.

    Choose it on validation data: on the data that are judged it is an oracle.
    """
    order = np.argsort(-score, axis=None, kind="stable")
    in_order = score.reshape(-1)[order]
    num_right = np.cumsum(is_true.reshape(-1)[order])
    is_last = np.append(in_order[1:] < in_order[:-1], True)
    f1 = np.where(is_last, 2 * num_right / (np.arange(1, len(in_order) + 1) + is_true.sum()), -1.0)
    best = int(np.argmax(f1))
    return Cut(float(in_order[best]), float(f1[best]))


def micro_f1_best_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the metric as a function of how often each unit is counted; each resample has its own best threshold."""
    samples = select_samples(target, score, mask, unit)
    ranking = rank_samples(require_score(samples.score))
    is_true = require_binary(samples.target)[ranking.order]
    unit_in_order, last_place = samples.unit[ranking.order], ranking.group_ptr[1:] - 1

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        weight = count[unit_in_order]
        num_right = np.cumsum(weight * is_true)
        num_either = np.cumsum(weight)[last_place] + num_right[-1]
        if num_right[-1] == 0:
            raise UndefinedMetric(
                f"micro-F1 has no best threshold: none of {is_true.size} cells is true; expected at least one."
            )
        return float((2.0 * num_right[last_place] / np.maximum(num_either, 1)).max())

    return statistic


def micro_f1_best(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the micro-F1 at the best threshold over all counted cells of ``[sample, label]`` together, in (0, 1].

    It watches a training, where the threshold that will be used is chosen on the same validation data. As a figure of a
    test it is an oracle: no model knows that threshold.

    Raises:
        UndefinedMetric: no counted cell is true.
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score is NaN.
    """
    return micro_f1_best_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))
