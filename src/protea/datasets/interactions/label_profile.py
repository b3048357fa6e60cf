"""What the labelled pairs of a protein are like, and how many there are: all that is known of it without its sequence.

On published splits the mean profile of two proteins is above every sequence model that reads no network. Axes: pair,
protein, type.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

__all__ = ["LabelProfiles", "label_profiles", "partner_counts"]


class LabelProfiles(NamedTuple):
    """The mean label of the pairs of each protein (that of all pairs where it has none), and their number."""

    profile: Float[np.ndarray, "protein type"]
    num_pairs: Int[np.ndarray, " protein"]

    def of_pairs(self, pairs: Int[np.ndarray, "asked 2"]) -> Float[np.ndarray, "asked type"]:
        """Return the mean of the profiles of both proteins."""
        return np.asarray(self.profile[pairs].mean(axis=1))


def label_profiles(
    pairs: Int[np.ndarray, "pair 2"], labels: Shaped[np.ndarray, "pair type"], num_proteins: int
) -> LabelProfiles:
    """Return the profiles of the proteins in some labelled pairs (rows of proteins)."""
    total = np.zeros((num_proteins, labels.shape[1]))
    for end in (0, 1):
        np.add.at(total, pairs[:, end], labels)
    count = np.bincount(pairs.reshape(-1), minlength=num_proteins)
    prior = labels.mean(axis=0, dtype=np.float64)
    return LabelProfiles(np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], prior), count)


def partner_counts(
    pairs: Int[np.ndarray, "asked 2"], num_partners: Int[np.ndarray, " protein"]
) -> Float[np.ndarray, "asked 2"]:
    """Return the log of 1 + the number of partners of both proteins of a pair, the smaller first."""
    return np.sort(np.log1p(num_partners[pairs]), axis=1)
