"""Micro-F1 of decisions on several labels: right, true and predicted cells pooled over all samples and labels."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.samples import UnitStatistic, require_binary, require_classes, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["micro_f1", "micro_f1_by_unit"]


def micro_f1_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return micro-F1 as a function of how often each unit is counted; see `micro_f1`."""
    samples = select_samples(target, prediction, mask, unit)
    is_true = require_binary(samples.target)
    is_predicted = require_binary(require_classes(samples.score, "prediction"))
    num_units = int(samples.unit.max()) + 1
    right, either = (
        np.bincount(samples.unit, value, minlength=num_units)  # exact: whole numbers far below 2^53
        for value in (is_true & is_predicted, is_true.astype(np.int64) + is_predicted)
    )

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        weight = count[:num_units]
        num_either = float(weight @ either)
        if num_either == 0:
            raise UndefinedMetric(
                f"micro-F1 is not defined: none of {is_true.size} cells is true or predicted; expected at least one."
            )
        return float(2.0 * (weight @ right) / num_either)

    return statistic


def micro_f1(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return 2 right / (true + predicted) over all counted cells of ``[sample, label]`` together, in [0, 1].

    `prediction` holds decisions (0 or 1), not scores: whoever thresholds says where and on what data the threshold was
    chosen. A label with many positives weighs more than a rare one.

    Raises:
        UndefinedMetric: no counted cell is true or predicted.
        InputError: shapes do not match, nothing is counted, or an entry is neither 0 nor 1.
    """
    return micro_f1_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
