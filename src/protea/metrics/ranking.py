"""Samples in order of their score, ties grouped: sorted once, then re-weighted for every resample."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped

__all__ = ["Ranking", "rank_samples"]


@dataclass(frozen=True, eq=False)
class Ranking:
    """The order of samples by falling score; samples of equal score form a group, the best group being 0."""

    order: Int[np.ndarray, " sample"]
    """Index of the sample at each place."""
    group_of: Int[np.ndarray, " sample"]
    """Group of each sample, in the samples' own order."""
    group_ptr: Int[np.ndarray, " group_plus_one"]
    """First place of each group, then the number of samples."""


def rank_samples(score: Shaped[np.ndarray, " sample"]) -> Ranking:
    """Return the ranking of samples by falling `score`. NaN must have been refused before."""
    order = np.argsort(score, kind="stable")[::-1]
    in_order = score[order]
    # Compared, not subtracted: the difference of two equal infinities is NaN.
    starts_group = np.concatenate([[True], in_order[1:] != in_order[:-1]])
    group_of = np.empty(score.size, dtype=np.int64)
    group_of[order] = np.cumsum(starts_group) - 1
    return Ranking(order, group_of, np.append(np.flatnonzero(starts_group), score.size))
