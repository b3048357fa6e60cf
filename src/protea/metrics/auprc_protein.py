"""Area under the curve of protein-centric precision against recall, as DeepGO reports it."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.protein_curve import ProteinCurve, protein_curve
from protea.metrics.samples import UnitStatistic, select_rows

__all__ = ["auprc_protein", "auprc_protein_by_unit"]


def _area(curve: ProteinCurve) -> float:
    precision, recall = curve.precision[curve.is_defined], curve.recall[curve.is_defined]
    # From recall 0 to the first point the precision of that point stands: the curve has no other beginning.
    step = np.diff(recall, prepend=0.0)
    before = np.concatenate([precision[:1], precision[:-1]])
    return float(step @ (before + precision) / 2.0)


def auprc_protein_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the protein-centric area as a function of how often each unit is counted; see `auprc_protein`."""
    rows, is_counted = select_rows(target, score, mask, unit)
    curve = protein_curve(rows, is_counted)
    return lambda count: _area(curve(count))


def auprc_protein(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the area under the curve of which `fmax` takes the best point, by trapezoids, in [0, 1].

    Not the average precision of `auprc`, in three ways. Precision and recall are means over proteins, so that a protein
    with many labels weighs no more than one with few. Precision is a mean over those proteins alone that predict
    something at this threshold, so the curve may rise. And straight lines join its points, where average precision
    takes steps: between two points the line promises a precision that no threshold has, so the area is on the high side
    where scores are tied. Thresholds are all distinct scores (DeepGO steps by 0.01).

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: as `fmax`.
    """
    return auprc_protein_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))
