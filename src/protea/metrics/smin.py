"""S-min: the least semantic distance between what was predicted and what is true, in bits."""

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.protein_curve import require_weight, with_weight
from protea.metrics.ranking import rank_samples
from protea.metrics.samples import UnitStatistic, require_binary, require_score, select_rows
from protea.metrics.undefined import UndefinedMetric

__all__ = ["smin", "smin_by_unit"]


def smin_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    weight: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return S-min as a function of how often each unit is counted; see `smin`."""
    found = require_weight(weight, target.shape[-1] if target.ndim else 0)
    rows, is_counted = select_rows(target, score, with_weight(mask, found, target.shape), unit)
    row, label = np.nonzero(is_counted)
    ranking = rank_samples(require_score(rows.score[is_counted]))
    is_positive = require_binary(rows.target[is_counted])[ranking.order]
    unit_in_order, bits = rows.unit[row[ranking.order]], found[label[ranking.order]]
    last_place = ranking.group_ptr[1:] - 1
    # What scores minus infinity is predicted at no threshold.
    last_place = last_place[~np.isneginf(rows.score[is_counted][ranking.order[last_place]])]
    positive_unit = unit_in_order[is_positive]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        if not count[positive_unit].any():
            raise UndefinedMetric(
                f"S-min is not defined: none of {len(rows.target)} proteins has a label; expected some."
            )
        drawn = count[unit_in_order] * bits
        found_bits = np.cumsum(drawn * is_positive)
        # Before the first threshold nothing is predicted: all is missing and nothing is wrong.
        missing = found_bits[-1] - np.concatenate([[0.0], found_bits[last_place]])
        wrong = np.concatenate([[0.0], np.cumsum(drawn * ~is_positive)[last_place]])
        return float(np.hypot(missing, wrong).min() / count[rows.unit].sum())

    return statistic


def smin(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    weight: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return S-min (Clark and Radivojac, Bioinformatics 29, i53, 2013): 0 is perfect, in the unit of the weight.

    The minimum over thresholds of sqrt(ru^2 + mi^2): the remaining uncertainty ru is the weight of the true labels that
    were not predicted, the misinformation mi that of predicted labels that are not true, both averaged over all counted
    proteins. Thresholds are all distinct scores and one above them all. The weight is a label's information content in
    bits, counted on training proteins (`datasets.ontology.information_content`); a root of weight 0 is not counted.

    Raises:
        UndefinedMetric: no counted protein has a label.
        InputError: as `fmax`; weights that are not one number of 0 or more per label.
    """
    return smin_by_unit(target, score, weight, mask)(np.ones(1, dtype=np.int64))
