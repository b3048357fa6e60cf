"""Function by similarity: the terms of training proteins that MMseqs2 finds, nearest alone or by votes weighed in bits.

A protein without a hit gets no term (degree 0 throughout). Axes: protein, class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from protea.datasets.sequence_search import Hits, SearchSettings, search

__all__ = ["SEARCH", "SimilarityDegrees", "degrees_of_hits", "similarity_degrees"]

SEARCH = SearchSettings(min_identity=0.0, min_coverage=0.0)
"""Any hit with an expected number of chance hits of at most 0.001."""

_COVERED = 0.5
"""A short stretch that is identical makes no relative."""


@dataclass(frozen=True, eq=False)
class SimilarityDegrees:
    """Two answers from one search, and how near the nearest training protein is."""

    nearest: Float[np.ndarray, "protein class"]
    """The terms of the hit with the most bits, at the degree of its identity."""
    votes: Float[np.ndarray, "protein class"]
    """The share of all hits' bits that fall to hits with the term (DiamondScore of DeepGO)."""
    highest_identity: Float[np.ndarray, " protein"]
    """Over the hits that cover at least half of the asked sequence; 0 where there is none."""

    def num_with_hit(self) -> int:
        """Return the number of asked proteins with any hit."""
        return int((self.votes.sum(axis=1) > 0).sum())


def similarity_degrees(
    asked: Sequence[str], known: Sequence[str], label: Bool[np.ndarray, "known class"], *, num_threads: int = 1
) -> SimilarityDegrees:
    """Return what a search of the training sequences says of the asked ones."""
    return degrees_of_hits(search(asked, known, SEARCH, num_threads=num_threads), len(asked), label)


def degrees_of_hits(hits: Hits, num_asked: int, label: Bool[np.ndarray, "known class"]) -> SimilarityDegrees:
    """Return the answers that some hits give; of hits with equal bits the first counts as the nearest."""
    nearest = np.zeros((num_asked, label.shape[1]))
    votes = np.zeros_like(nearest)
    highest = np.zeros(num_asked)
    for row in range(num_asked):
        own = np.flatnonzero(hits.query == row)
        if not len(own):
            continue
        target, bits = hits.target[own], hits.bits[own]
        best = int(np.argmax(bits))
        nearest[row] = label[target[best]] * hits.identity[own[best]]
        # Guarded by the search: a hit within the E-value has bits above 0.
        votes[row] = bits @ label[target] / bits.sum()
        highest[row] = hits.identity[own][hits.coverage[own] >= _COVERED].max(initial=0.0)
    return SimilarityDegrees(nearest, votes, highest)
