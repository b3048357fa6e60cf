"""Protein-centric F-max as CAFA defines it, weighted too, and the softmax variant of a benchmark under its own name."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped
from scipy.special import log_softmax

from protea.metrics.protein_curve import ProteinCurve, protein_curve, require_weight, with_weight
from protea.metrics.samples import Samples, UnitStatistic, require_finite, select_rows

__all__ = [
    "FmaxPoint",
    "fmax",
    "fmax_by_unit",
    "fmax_point",
    "fmax_softmax",
    "fmax_softmax_by_unit",
    "fmax_weighted",
    "fmax_weighted_by_unit",
]


@dataclass(frozen=True)
class FmaxPoint:
    """The point of the precision-recall curve with the largest F1; entries with score >= `threshold` are predicted."""

    fmax: float
    threshold: float
    precision: float
    recall: float


def _best_point(curve: ProteinCurve) -> FmaxPoint:
    both = curve.precision + curve.recall
    f1 = np.divide(2.0 * curve.precision * curve.recall, both, out=np.zeros_like(both), where=both > 0)
    best = int(np.argmax(f1))
    return FmaxPoint(
        float(f1[best]), float(curve.threshold[best]), float(curve.precision[best]), float(curve.recall[best])
    )


def fmax_point(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> FmaxPoint:
    """Return F-max with the (highest) threshold, the precision and the recall where it is reached; see `fmax`."""
    rows, is_counted = select_rows(target, score, mask, None)
    return _best_point(protein_curve(rows, is_counted)(np.ones(1, dtype=np.int64)))


def fmax_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return F-max as a function of how often each unit is counted; see `fmax`."""
    rows, is_counted = select_rows(target, score, mask, unit)
    curve = protein_curve(rows, is_counted)
    return lambda count: _best_point(curve(count)).fmax


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
        score: any real numbers, ``[protein, label]``; minus infinity is predicted at no threshold. (A score of 0 is:
            at the threshold 0 all labels are predicted.)
        mask: True where counted, ``[protein]`` or ``[protein, label]``; an entry not counted is neither label nor
            prediction.

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: the arrays are not ``[protein, label]``, nothing is counted, a target is not 0 or 1, or NaN.
    """
    return fmax_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))


def fmax_weighted_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    weight: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return weighted F-max as a function of how often each unit is counted; see `fmax_weighted`."""
    found = require_weight(weight, target.shape[-1] if target.ndim else 0)
    rows, is_counted = select_rows(target, score, with_weight(mask, found, target.shape), unit)
    curve = protein_curve(rows, is_counted, found)
    return lambda count: _best_point(curve(count)).fmax


def fmax_weighted(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    weight: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return F-max of weighted precision and recall (Jiang et al., Genome Biol. 17, 184, 2016), in [0, 1].

    As `fmax`, but a protein's precision is the weight of what was rightly predicted over the weight of what was
    predicted, its recall that over the weight of its labels. The weight is a label's information content, counted on
    training proteins. A label of weight 0, such as a root, is not counted at all.

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: as `fmax`; weights that are not one number of 0 or more per label.
    """
    return fmax_weighted_by_unit(target, score, weight, mask)(np.ones(1, dtype=np.int64))


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
    curve = protein_curve(normalised, is_counted, unlabelled_count_for_recall=True)
    return lambda count: _best_point(curve(count)).fmax


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
