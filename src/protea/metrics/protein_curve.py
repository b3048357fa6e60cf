"""Precision and recall averaged over proteins at every threshold, for F-max and the area under this curve.

At a threshold a label is predicted if its score is at least that; one that scores minus infinity is predicted at none.
Precision is averaged over proteins with a prediction, recall over proteins with a label. With weights (information
content, say) both are shares of weight instead of counts.
Axes: row (protein), label, entry (a counted cell), threshold.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from protea.errors import InputError
from protea.metrics.ranking import rank_samples
from protea.metrics.samples import Samples, counted, require_binary, require_finite, require_score
from protea.metrics.undefined import UndefinedMetric

__all__ = ["ProteinCurve", "protein_curve", "require_weight", "with_weight"]


@dataclass(frozen=True, eq=False)
class ProteinCurve:
    """Precision and recall by falling threshold; where nothing is predicted precision is 0 and `is_defined` False."""

    threshold: Shaped[np.ndarray, " threshold"]
    precision: Float[np.ndarray, " threshold"]
    recall: Float[np.ndarray, " threshold"]
    is_defined: Bool[np.ndarray, " threshold"]


def require_weight(weight: Shaped[np.ndarray, "..."], num_labels: int) -> Float[np.ndarray, " label"]:
    """Return the weight of each label as float64.

    Raises:
        InputError: not one finite number of 0 or more per label, or no weight above 0.
    """
    if weight.shape != (num_labels,):
        raise InputError(f"weight has shape {weight.shape}; expected one number per label, ({num_labels},).")
    found = require_finite(weight, "weight")
    if (found < 0).any() or not (found > 0).any():
        raise InputError(
            f"weight lies between {found.min()} and {found.max()}; expected numbers of 0 or more, some above 0."
        )
    return found


def with_weight(
    mask: Shaped[np.ndarray, "..."] | None, weight: Float[np.ndarray, " label"], shape: tuple[int, ...]
) -> Bool[np.ndarray, "..."]:
    """Return the mask without the labels of weight 0: what tells nothing is neither label nor prediction."""
    return counted(mask, shape) & (weight > 0)


def _rises(
    is_positive: Bool[np.ndarray, " entry"],
    group_of: Int[np.ndarray, " entry"],
    row: Int[np.ndarray, " entry"],
    weight: Float[np.ndarray, " entry"],
) -> tuple[Float[np.ndarray, " entry"], Float[np.ndarray, " entry"], Bool[np.ndarray, " entry"]]:
    """Return how much each entry changes its row's precision and recall as it enters, and whether it enters first.

    Entries enter by falling score, which is rising `group_of`. Summed over entries down to a threshold, the changes
    give the row's precision and recall at this threshold.
    """
    by_row = np.lexsort((group_of, row))
    sorted_row, sorted_weight = row[by_row], weight[by_row]
    right_weight = sorted_weight * is_positive[by_row]
    is_first = np.concatenate([[True], sorted_row[1:] != sorted_row[:-1]])
    row_start = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]

    def summed(values: Float[np.ndarray, " entry"]) -> Float[np.ndarray, " entry"]:
        so_far = np.cumsum(values)
        return so_far - (so_far - values)[row_start]

    precision = summed(right_weight) / summed(sorted_weight)
    precision_before = np.where(is_first, 0.0, np.concatenate([[0.0], precision[:-1]]))
    label_weight = np.bincount(sorted_row, weights=right_weight)[sorted_row]
    precision_rise, recall_rise, enters_first = (np.empty(row.size, dtype=kind) for kind in (float, float, bool))
    precision_rise[by_row] = precision - precision_before
    # A row without label has no rise: 0 / 1.
    recall_rise[by_row] = right_weight / np.where(label_weight > 0, label_weight, 1.0)
    enters_first[by_row] = is_first
    return precision_rise, recall_rise, enters_first


def protein_curve(
    rows: Samples,
    is_counted: Bool[np.ndarray, "row label"],
    weight: Float[np.ndarray, " label"] | None = None,
    *,
    unlabelled_count_for_recall: bool = False,
) -> Callable[[Int[np.ndarray, " unit"]], ProteinCurve]:
    """Return the function that gives the curve, each unit counted as often as told.

    Args:
        rows: counted proteins, as `samples.select_rows` gives them.
        is_counted: their counted cells.
        weight: of each label, above 0 wherever a cell is counted; 1 if not given.
        unlabelled_count_for_recall: proteins without a label count with recall 0, as one published program has it.

    Raises:
        UndefinedMetric: (the function) no protein that is counted has a label.
        InputError: a target that is not 0 or 1, or NaN.
    """
    row, label = np.nonzero(is_counted)
    score = require_score(rows.score[is_counted])
    is_positive = require_binary(rows.target[is_counted])
    ranking = rank_samples(score)
    rises = _rises(is_positive, ranking.group_of, row, np.ones(row.size) if weight is None else weight[label])
    precision_rise, recall_rise, enters_first = (rise[ranking.order] for rise in rises)
    unit_in_order = rows.unit[row[ranking.order]]
    last_place = ranking.group_ptr[1:] - 1
    threshold = score[ranking.order[last_place]]
    has_label = np.bincount(row, weights=is_positive) > 0
    is_in_recall = np.ones_like(has_label) if unlabelled_count_for_recall else has_label

    def curve(count: Int[np.ndarray, " unit"]) -> ProteinCurve:
        if not count[rows.unit[has_label]].any():
            raise UndefinedMetric(
                f"F-max is not defined: none of {has_label.size} proteins has a label; expected some."
            )
        drawn = count[unit_in_order].astype(np.float64)
        num_predicting = np.cumsum(drawn * enters_first)[last_place]
        # Before the first drawn protein predicts anything there is no precision: 0 / 1 there, and recall is 0 as well.
        precision = np.cumsum(drawn * precision_rise)[last_place] / np.maximum(num_predicting, 1.0)
        recall = np.cumsum(drawn * recall_rise)[last_place] / count[rows.unit[is_in_recall]].sum()
        # Else who predicts nothing would be judged as if all labels were predicted.
        is_reached = ~np.isneginf(threshold)
        return ProteinCurve(threshold, precision * is_reached, recall * is_reached, (num_predicting > 0) & is_reached)

    return curve
