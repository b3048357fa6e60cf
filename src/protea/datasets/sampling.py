"""Which rows an epoch holds where families are of very different size. Pure functions of (seed, epoch)."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from protea.errors import InputError, describe

__all__ = ["OnePerGroup", "WeightedSample", "balanced_weights"]


def balanced_weights(groups: Sequence[Hashable]) -> Float[np.ndarray, " row"]:
    """Return a weight per row so that every group has the same total; they sum to 1."""
    count: dict[Hashable, int] = {}
    for group in groups:
        count[group] = count.get(group, 0) + 1
    return np.array([1 / (count[group] * len(count)) for group in groups], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class WeightedSample:
    """Draws `num_drawn` rows per epoch with replacement, by weight."""

    weights: Float[np.ndarray, " row"]
    num_drawn: int
    seed: int

    def __post_init__(self) -> None:
        if (
            len(self.weights) == 0
            or not np.isfinite(self.weights).all()
            or self.weights.min() < 0
            or not self.weights.any()
        ):
            raise InputError(describe("not weights", expected="finite numbers >= 0, not all 0"))

    def __call__(self, epoch: int) -> Int[np.ndarray, " drawn"]:
        """Return the rows of an epoch."""
        rng = np.random.default_rng([self.seed, epoch, 1])
        return rng.choice(len(self.weights), size=self.num_drawn, p=self.weights / self.weights.sum())


@dataclass(frozen=True, eq=False)
class OnePerGroup:
    """Draws one row of each group per epoch; over the epochs every row has its turn by chance."""

    groups: Sequence[Hashable]
    seed: int

    def __call__(self, epoch: int) -> Int[np.ndarray, " drawn"]:
        """Return the rows of an epoch, in the order in which the groups first appear."""
        members: dict[Hashable, list[int]] = {}
        for row, group in enumerate(self.groups):
            members.setdefault(group, []).append(row)
        rng = np.random.default_rng([self.seed, epoch, 2])
        return np.array([rows[int(rng.integers(len(rows)))] for rows in members.values()], dtype=np.int64)
