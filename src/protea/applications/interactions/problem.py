"""A network to learn from: which pairs are trained on, what message passing may see, what is known of each protein."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.datasets.column_scale import column_scale
from protea.datasets.interactions.network import InteractionNetwork

__all__ = ["Messages", "Problem", "standardised"]

Messages = Literal["all", "train"]
"""Which pairs message passing sees: all of the network (the tested ones without their types), or the training pairs."""


@dataclass(frozen=True, eq=False)
class Problem:
    """The types of the pairs `train` are known, of all others unknown; rows are those of the network.

    `columns` holds what is read of each protein beside the network (numbers as they are, not standardised).
    """

    network: InteractionNetwork
    columns: Float[np.ndarray, "protein column"]
    train: Int[np.ndarray, " train_pair"]
    messages: Messages = "train"

    @property
    def labels(self) -> Bool[np.ndarray, "train_pair type"]:
        """The types of the training pairs."""
        return self.network.labels[self.train]

    @property
    def pairs(self) -> Int[np.ndarray, "train_pair 2"]:
        """The two proteins of each training pair."""
        return self.network.pairs[self.train]

    @property
    def seen(self) -> Int[np.ndarray, " seen_pair"]:
        """The pairs that message passing sees, by row, ascending."""
        return np.arange(len(self.network)) if self.messages == "all" else np.sort(self.train)

    @property
    def prior(self) -> Float[np.ndarray, " type"]:
        """The share of the training pairs that have each type."""
        return self.labels.mean(axis=0)


def standardised(
    columns: Float[np.ndarray, "protein column"], is_known: Bool[np.ndarray, " protein"]
) -> Float[np.ndarray, "protein column"]:
    """Return the columns with mean 0 and standard deviation 1 over the known proteins; constant ones are 0 there."""
    known = columns[is_known]
    return ((columns - known.mean(axis=0)) / column_scale(known)).astype(np.float32)
