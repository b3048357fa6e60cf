"""Area under the precision-recall curve as average precision: over all entries, or as a mean over labels."""

import numpy as np
from jaxtyping import Bool, Int, Shaped

from protea.metrics.macro import macro_over_labels
from protea.metrics.ranking import rank_samples
from protea.metrics.samples import UnitStatistic, require_binary, require_score, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["auprc", "auprc_by_unit", "auprc_macro", "auprc_macro_by_unit"]

_NO_LABEL = "macro AUPRC is not defined: no label has a positive sample; expected at least one."


def _average_precision(
    is_positive: Bool[np.ndarray, " sample"], score: Shaped[np.ndarray, " sample"], unit: Int[np.ndarray, " sample"]
) -> UnitStatistic:
    ranking = rank_samples(score)
    unit_in_order = unit[ranking.order]
    is_positive_in_order = is_positive[ranking.order]
    positive_unit = unit_in_order[is_positive_in_order]
    # Recall rises only in groups that hold a positive, so precision is needed at the ends of those alone.
    num_positive_before = np.concatenate([[0], np.cumsum(is_positive_in_order)])[ranking.group_ptr]
    has_positive = np.diff(num_positive_before) > 0
    last_place = ranking.group_ptr[1:][has_positive] - 1
    first_positive = num_positive_before[:-1][has_positive]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        positive_weight = count[positive_unit]
        total = int(positive_weight.sum())
        if total == 0:
            raise UndefinedMetric(
                f"AUPRC is not defined: none of {is_positive.size} samples is positive; expected at least one."
            )
        group_weight = np.add.reduceat(positive_weight, first_positive)
        num_above = np.cumsum(count[unit_in_order])[last_place]
        # A group of weight 0 (its units were not drawn) adds nothing, and may stand before any drawn sample: 0 / 0.
        precision = np.cumsum(group_weight) / np.maximum(num_above, 1)
        return float(group_weight @ precision) / total

    return statistic


def auprc_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return AUPRC as a function of how often each unit is counted; see `auprc`."""
    samples = select_samples(target, score, mask, unit)
    return _average_precision(require_binary(samples.target), require_score(samples.score), samples.unit)


def auprc(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the average precision over all counted entries together, in (0, 1]; the share of positives is chance.

    Sum over distinct scores of (rise of recall) x (precision at this score): entries of equal score are taken together,
    so that the order of the input cannot matter. Arrays ``[protein, label]`` are flattened, which is the micro average.

    Raises:
        UndefinedMetric: no counted target is positive.
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score is NaN.
    """
    return auprc_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))


def auprc_macro_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return macro AUPRC as a function of how often each unit is counted; see `auprc_macro`."""
    return macro_over_labels(auprc_by_unit, _NO_LABEL, target, score, mask, unit)


def auprc_macro(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean of `auprc` over the labels with at least one counted positive; arrays are ``[protein, label]``.

    Raises:
        UndefinedMetric: no label has a positive.
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score is NaN.
    """
    return auprc_macro_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))
