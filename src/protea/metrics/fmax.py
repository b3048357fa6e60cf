"""Protein-centric F-max as CAFA defines it, and the softmax variant of a published benchmark under its own name."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from scipy.special import log_softmax

from protea.metrics.ranking import rank_samples
from protea.metrics.samples import (
    Samples,
    UnitStatistic,
    require_binary,
    require_finite,
    require_score,
    select_rows,
)
from protea.metrics.undefined import UndefinedMetric

__all__ = ["FmaxPoint", "fmax", "fmax_by_unit", "fmax_point", "fmax_softmax", "fmax_softmax_by_unit"]


@dataclass(frozen=True)
class FmaxPoint:
    """The point of the precision-recall curve with the largest F1; entries with score >= `threshold` are predicted."""

    fmax: float
    threshold: float
    precision: float
    recall: float


def _rises(
    is_positive: Bool[np.ndarray, " entry"], group_of: Int[np.ndarray, " entry"], row: Int[np.ndarray, " entry"]
) -> tuple[Float[np.ndarray, " entry"], Float[np.ndarray, " entry"], Bool[np.ndarray, " entry"]]:
    """Return how much each entry changes its row's precision and recall as it enters, and whether it enters first.

    Entries enter by falling score, which is rising `group_of`. Summed over entries down to a threshold, the changes
    give the row's precision and recall at this threshold.
    """
    by_row = np.lexsort((group_of, row))
    sorted_row, sorted_positive = row[by_row], is_positive[by_row]
    is_first = np.concatenate([[True], sorted_row[1:] != sorted_row[:-1]])
    row_start = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
    num_predicted = np.arange(row.size) - row_start + 1
    num_so_far = np.cumsum(sorted_positive)
    num_right = num_so_far - (num_so_far - sorted_positive)[row_start]
    precision = num_right / num_predicted
    precision_before = np.where(is_first, 0.0, np.concatenate([[0.0], precision[:-1]]))
    num_label = np.bincount(sorted_row, weights=sorted_positive)[sorted_row]
    precision_rise, recall_rise, enters_first = (np.empty(row.size, dtype=kind) for kind in (float, float, bool))
    precision_rise[by_row] = precision - precision_before
    recall_rise[by_row] = sorted_positive / np.maximum(num_label, 1.0)  # a row without label has no rise: 0 / 1
    enters_first[by_row] = is_first
    return precision_rise, recall_rise, enters_first


def _best_point(
    rows: Samples, is_counted: Bool[np.ndarray, "row label"], *, unlabelled_count_for_recall: bool
) -> Callable[[Int[np.ndarray, " unit"]], FmaxPoint]:
    """Return the function that gives the best point of the curve, each unit counted as often as told."""
    row = np.nonzero(is_counted)[0]
    score = require_score(rows.score[is_counted])
    is_positive = require_binary(rows.target[is_counted])
    ranking = rank_samples(score)
    rises = _rises(is_positive, ranking.group_of, row)
    precision_rise, recall_rise, enters_first = (rise[ranking.order] for rise in rises)
    unit_in_order = rows.unit[row[ranking.order]]
    last_place = ranking.group_ptr[1:] - 1
    has_label = np.bincount(row, weights=is_positive) > 0
    is_in_recall = np.ones_like(has_label) if unlabelled_count_for_recall else has_label

    def best_point(count: Int[np.ndarray, " unit"]) -> FmaxPoint:
        if not count[rows.unit[has_label]].any():
            raise UndefinedMetric(
                f"F-max is not defined: none of {has_label.size} proteins has a label; expected some."
            )
        weight = count[unit_in_order].astype(np.float64)
        num_predicting = np.cumsum(weight * enters_first)[last_place]
        # Before the first drawn protein predicts anything there is no precision: 0 / 1 there, and recall is 0 as well.
        precision = np.cumsum(weight * precision_rise)[last_place] / np.maximum(num_predicting, 1.0)
        recall = np.cumsum(weight * recall_rise)[last_place] / count[rows.unit[is_in_recall]].sum()
        both = precision + recall
        f1 = np.divide(2.0 * precision * recall, both, out=np.zeros_like(both), where=both > 0)
        best = int(np.argmax(f1))
        threshold = float(score[ranking.order[last_place[best]]])
        return FmaxPoint(float(f1[best]), threshold, float(precision[best]), float(recall[best]))

    return best_point


def fmax_point(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> FmaxPoint:
    """Return F-max with the (highest) threshold, the precision and the recall where it is reached; see `fmax`."""
    rows, is_counted = select_rows(target, score, mask, None)
    return _best_point(rows, is_counted, unlabelled_count_for_recall=False)(np.ones(1, dtype=np.int64))


def fmax_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return F-max as a function of how often each unit is counted; see `fmax`."""
    rows, is_counted = select_rows(target, score, mask, unit)
    best_point = _best_point(rows, is_counted, unlabelled_count_for_recall=False)
    return lambda count: best_point(count).fmax


def fmax(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the protein-centric F-max of CAFA (Radivojac et al., Nat. Methods 10, 221, 2013), in [0, 1].

    The maximum over thresholds t of the F1 of mean precision and mean recall, where a label is predicted if its score
    is at least t; precision is averaged over proteins with at least one prediction, recall over proteins with at least
    one label. Thresholds are all distinct scores (CAFA steps by 0.01), so any monotone transform of the score, logit or
    probability, gives the same number. Proteins without a label count for precision only.

    Args:
        target: 0 or 1, ``[protein, label]``.
        score: any real numbers, ``[protein, label]``.
        mask: True where counted, ``[protein]`` or ``[protein, label]``; an entry not counted is neither label nor
            prediction.

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: the arrays are not ``[protein, label]``, nothing is counted, a target is not 0 or 1, or NaN.
    """
    return fmax_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))


def fmax_softmax_by_unit(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the softmax variant of F-max as a function of how often each unit is counted; see `fmax_softmax`."""
    rows, is_counted = select_rows(target, logits, mask, unit)
    require_finite(rows.score[is_counted], "logits")
    logit = np.where(is_counted, rows.score, -np.inf).astype(np.float64)
    # The logarithm orders as the softmax does, but does not tie at 0 where the softmax underflows.
    normalised = Samples(rows.target, log_softmax(logit, axis=1), rows.unit)
    best_point = _best_point(normalised, is_counted, unlabelled_count_for_recall=True)
    return lambda count: best_point(count).fmax


def fmax_softmax(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return "F1max" as ProteinWorkshop publishes it: NOT the CAFA F-max; only for comparison with its tables.

    Two differences from `fmax`: scores are the softmax of each protein's logits over its labels, although the labels do
    not exclude one another, so that a protein with many labels cannot be sure of any; and recall is averaged over all
    proteins, those without a label adding 0. Here equal scores are taken together, where the published code breaks ties
    by the order of the input.

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: the arrays are not ``[protein, label]``, nothing is counted, a target is not 0 or 1, or a logit is
            not finite.
    """
    return fmax_softmax_by_unit(target, logits, mask)(np.ones(1, dtype=np.int64))
