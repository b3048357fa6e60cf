"""Spearman rank correlation."""

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.metrics.pearson import weighted_correlation
from protea.metrics.ranking import Ranking, rank_samples
from protea.metrics.samples import UnitStatistic, require_score, select_samples

__all__ = ["spearman", "spearman_by_unit"]


def _weighted_ranks(ranking: Ranking, weight: Int[np.ndarray, " sample"]) -> Float[np.ndarray, " sample"]:
    """Return the mean rank of each sample's tie group where sample i stands `weight[i]` times in the list."""
    num_before = np.concatenate([[0], np.cumsum(weight[ranking.order])])[ranking.group_ptr]
    # Falling order has the best first; the sign is turned so that a higher score has a higher rank.
    rank_of_group = -(num_before[:-1] + num_before[1:] + 1) / 2.0
    return rank_of_group[ranking.group_of]


def spearman_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return Spearman correlation as a function of how often each unit is counted; see `spearman`."""
    samples = select_samples(target, prediction, mask, unit)
    by_target = rank_samples(require_score(samples.target, "target"))
    by_score = rank_samples(require_score(samples.score, "prediction"))

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        weight = count[samples.unit]
        ranks = _weighted_ranks(by_target, weight), _weighted_ranks(by_score, weight)
        return weighted_correlation(*ranks, weight, "Spearman correlation")

    return statistic


def spearman(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the correlation between the ranks of target and prediction (ties take their mean rank), in [-1, 1].

    Raises:
        UndefinedMetric: target or prediction is constant (a single sample included).
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN.
    """
    return spearman_by_unit(target, prediction, mask)(np.ones(1, dtype=np.int64))
