"""Spearman rank correlation within groups, such as the models of one target: the mean over groups.

The second array is [sample, 2]: score, number of its group. Over all samples together a model may score well by telling
easy groups from hard ones; here only the order within each group counts. A group without a value (one sample, or
constant) is left out of the mean.
"""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.errors import InputError
from protea.metrics.samples import UnitStatistic, require_score, select_samples
from protea.metrics.spearman import spearman_by_unit
from protea.metrics.undefined import UndefinedMetric

__all__ = ["grouped_scores", "spearman_within", "spearman_within_by_unit"]


def grouped_scores(
    score: Float[np.ndarray, " sample"], ids: Iterable[str], protein_of_sample: Int[np.ndarray, " sample"]
) -> Float[np.ndarray, "sample 2"]:
    """Return scores in the form that this metric reads; the group of a protein is its id up to the first colon."""
    _, group = np.unique(np.array([str(name).partition(":")[0] for name in ids]), return_inverse=True)
    return np.stack([np.asarray(score, np.float64), group[protein_of_sample].astype(np.float64)], axis=1)


def spearman_within_by_unit(
    target: Shaped[np.ndarray, "..."],
    grouped: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return the metric as a function of how often each unit is counted; see `spearman_within`.

    Groups are meant to be drawn whole: a group weighs as often as its samples are counted, on average.
    """
    samples = select_samples(target, grouped, mask, unit, has_classes=True)
    if samples.score.shape[-1] != 2:
        raise InputError(f"scores have shape {grouped.shape}; expected [sample, 2]: score, group (see grouped_scores).")
    table = require_score(samples.score)
    groups = [np.flatnonzero(table[:, 1] == group) for group in np.unique(table[:, 1])]
    statistics = [spearman_by_unit(samples.target[own], table[own, 0], None, samples.unit[own]) for own in groups]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        values, weights = [], []
        for own, of_group in zip(groups, statistics, strict=True):
            weight = float(count[samples.unit[own]].mean())
            if weight == 0:
                continue
            try:
                values.append(of_group(count))
            except UndefinedMetric:
                continue  # left out of the mean, see above
            weights.append(weight)
        if not values:
            raise UndefinedMetric(
                "Spearman correlation within groups is not defined: no group has two samples that differ; "
                "expected ids such as `group:name`."
            )
        return float(np.average(values, weights=weights))

    return statistic


def spearman_within(
    target: Shaped[np.ndarray, "..."],
    grouped: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return the mean over groups of the rank correlation between target and score within the group, in [-1, 1].

    Raises:
        UndefinedMetric: no group has a value.
        InputError: shapes do not match, nothing is counted, or a counted entry is NaN.
    """
    return spearman_within_by_unit(target, grouped, mask)(np.ones(1, dtype=np.int64))
