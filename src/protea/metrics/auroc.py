"""Area under the ROC curve: over all entries, or as a mean over labels."""

import numpy as np
from jaxtyping import Bool, Int, Shaped

from protea.metrics.macro import macro_over_labels
from protea.metrics.ranking import rank_samples
from protea.metrics.samples import UnitStatistic, require_binary, require_score, select_samples
from protea.metrics.undefined import UndefinedMetric

__all__ = ["auroc", "auroc_by_unit", "auroc_macro", "auroc_macro_by_unit"]

_NO_LABEL = "macro AUROC is not defined: no label has both classes; expected at least one such."


def _area(
    is_positive: Bool[np.ndarray, " sample"], score: Shaped[np.ndarray, " sample"], unit: Int[np.ndarray, " sample"]
) -> UnitStatistic:
    ranking = rank_samples(score)
    is_positive_in_order = is_positive[ranking.order]
    positive_unit = unit[ranking.order][is_positive_in_order]
    negative_unit = unit[ranking.order][~is_positive_in_order]
    # How many negatives stand before the tie group of each positive, and how many up to its end.
    num_negative_before = np.concatenate([[0], np.cumsum(~is_positive_in_order)])[ranking.group_ptr]
    group = ranking.group_of[ranking.order][is_positive_in_order]
    start, end = num_negative_before[group], num_negative_before[group + 1]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        positive_weight = count[positive_unit]
        num_negative = np.concatenate([[0], np.cumsum(count[negative_unit])])
        num_pairs = int(positive_weight.sum()) * int(num_negative[-1])
        if num_pairs == 0:
            raise UndefinedMetric(
                f"AUROC is not defined: {int(positive_weight.sum())} positive and {int(num_negative[-1])} negative "
                "samples; expected at least one of each."
            )
        # Twice the number of wrongly ordered pairs, a tie being half a pair: whole numbers, so exact.
        twice_wrong = int(positive_weight @ (num_negative[start] + num_negative[end]))
        return 1.0 - twice_wrong / (2 * num_pairs)

    return statistic


def auroc_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return AUROC as a function of how often each unit is counted; see `auroc`."""
    samples = select_samples(target, score, mask, unit)
    return _area(require_binary(samples.target), require_score(samples.score), samples.unit)


def auroc(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the share of (positive, negative) pairs that the score puts in order, a tie being half, in [0, 1].

    One half is chance, for a constant score exactly. Arrays ``[protein, label]`` are flattened (micro average).

    Raises:
        UndefinedMetric: all counted targets are of one class.
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score is NaN.
    """
    return auroc_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))


def auroc_macro_by_unit(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return macro AUROC as a function of how often each unit is counted; see `auroc_macro`."""
    return macro_over_labels(auroc_by_unit, _NO_LABEL, target, score, mask, unit)


def auroc_macro(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean of `auroc` over the labels with both classes; arrays are ``[protein, label]``.

    Raises:
        UndefinedMetric: no label has both classes.
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score is NaN.
    """
    return auroc_macro_by_unit(target, score, mask)(np.ones(1, dtype=np.int64))
