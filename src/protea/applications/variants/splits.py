"""How measured variants are parted into those that are learned from and those that are predicted.

`random` asks for variants like the known ones; `modulo` and `contiguous` for positions that were never mutated (Notin
et al., ProteinNPT, NeurIPS 2023); `mutations` and `low_vs_high` for more mutations and for better variants than any
known (Dallago et al., FLIP, 2021); `column` takes a published split from the table. Draws of random folds are our own:
only the rule is the published one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from protea.applications.variants.mutations import Variant
from protea.benchmark.learners.row_split import RowSplit, random_folds
from protea.config import Config
from protea.errors import InputError, describe

__all__ = [
    "ColumnSplitConfig",
    "ContiguousSplitConfig",
    "LowVersusHighSplitConfig",
    "ModuloSplitConfig",
    "MutationsSplitConfig",
    "RandomSplitConfig",
    "SplitConfig",
    "SplitSource",
    "splits_by_position",
]

_INNER_FOLDS = 3


@dataclass(frozen=True, eq=False)
class SplitSource:
    """What a split may look at."""

    variants: Sequence[Variant]
    value: Float[np.ndarray, " variant"]
    column_of: Mapping[str, Sequence[str | None]]
    """Published splits by the name of their column: `train`, `test` or neither for each variant."""

    def part(self, rows: Int[np.ndarray, " part"]) -> "SplitSource":
        """Return the source of some rows, without published splits."""
        return SplitSource([self.variants[row] for row in rows], self.value[rows], {})


class SplitConfig(Config, ABC):
    """Base of every way to split."""

    seed: int = Field(0, description="Seed of what is drawn.")

    @property
    @abstractmethod
    def label(self) -> str:
        """Name of the split in a table."""

    @abstractmethod
    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return one split per fold."""

    def inner(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return the folds within the training rows by which settings are chosen: as hard as the test, if possible."""
        return RandomSplitConfig(seed=self.seed + 1, num_folds=_INNER_FOLDS).splits(source)


def _checked(splits: Sequence[RowSplit], label: str) -> tuple[RowSplit, ...]:
    sizes = [(split.train.size, split.test.size) for split in splits]
    if not sizes or min(min(size) for size in sizes) == 0:
        raise InputError(
            describe(f"split {label} leaves a part empty", expected="some to learn from and some to predict",
                     found=f"sizes {sizes}", do="Use fewer folds or another split.")
        )  # fmt: skip
    return tuple(splits)


def splits_by_position(variants: Sequence[Variant], fold_of: Mapping[int, int], num_folds: int) -> tuple[RowSplit, ...]:
    """Return one split per fold of positions: predicted if all positions are of the fold, learned from if none is.

    For single mutants that is ProteinGym's rule; variants with positions on both sides are in neither part, and so is
    the wild type of the test part (it is always learned from).
    """
    folds = [{fold_of[position] for position in variant.positions} for variant in variants]
    return tuple(
        RowSplit(
            np.array([row for row, own in enumerate(folds) if fold not in own], dtype=np.int64),
            np.array([row for row, own in enumerate(folds) if own == {fold}], dtype=np.int64),
        )
        for fold in range(num_folds)
    )


class RandomSplitConfig(SplitConfig):
    """Variants drawn into folds of equal size."""

    kind: Literal["random"] = "random"
    num_folds: int = Field(5, ge=2, description="Number of folds.")

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return "random"

    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return one split per fold."""
        return _checked(random_folds(len(source.variants), self.num_folds, self.seed), self.label)


class _PositionSplitConfig(SplitConfig):
    num_folds: int = Field(5, ge=2, description="Number of folds.")

    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return one split per fold of positions; see `splits_by_position`."""
        positions = sorted({position for variant in source.variants for position in variant.positions})
        if len(positions) < self.num_folds:
            raise InputError(f"{len(positions)} mutated positions; expected {self.num_folds}, one per fold, or more.")
        fold_of = {position: self._fold(place, len(positions)) for place, position in enumerate(positions)}
        return _checked(splits_by_position(source.variants, fold_of, self.num_folds), self.label)

    def inner(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return folds by the same rule over the positions of the training rows."""
        return self.splits(source)

    @abstractmethod
    def _fold(self, place: int, num_positions: int) -> int:
        """Return the fold of the position at this place among the mutated ones."""


class ModuloSplitConfig(_PositionSplitConfig):
    """Every n-th mutated position: each test position has trained neighbours."""

    kind: Literal["modulo"] = "modulo"

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return "modulo"

    def _fold(self, place: int, num_positions: int) -> int:
        return place % self.num_folds


class ContiguousSplitConfig(_PositionSplitConfig):
    """Whole stretches of mutated positions."""

    kind: Literal["contiguous"] = "contiguous"

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return "contiguous"

    def _fold(self, place: int, num_positions: int) -> int:
        size, num_longer = divmod(num_positions, self.num_folds)
        # The first `num_longer` folds hold one position more.
        in_longer = place // (size + 1)
        return in_longer if in_longer < num_longer else (place - num_longer) // size


class MutationsSplitConfig(SplitConfig):
    """Variants with few mutations, to predict those with more."""

    kind: Literal["mutations"] = "mutations"
    most: int = Field(1, ge=0, description="Mutations that a variant to learn from has at most.")

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return f"up to {self.most} vs more"

    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return the one split."""
        number = np.array([len(variant) for variant in source.variants])
        return _checked([RowSplit(np.flatnonzero(number <= self.most), np.flatnonzero(number > self.most))], self.label)


class LowVersusHighSplitConfig(SplitConfig):
    """Variants below a value, to predict the ones at or above it."""

    kind: Literal["low_vs_high"] = "low_vs_high"
    cut: float = Field(description="Measured value of the first variant to predict, such as the wild type's.")

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return "low vs high"

    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return the one split."""
        is_low = source.value < self.cut
        return _checked([RowSplit(np.flatnonzero(is_low), np.flatnonzero(~is_low))], self.label)


class ColumnSplitConfig(SplitConfig):
    """A published split, from a column of the table that says `train` or `test`."""

    kind: Literal["column"] = "column"
    column: str = Field(description="Name of the column.")

    @property
    def label(self) -> str:
        """Name of the split in a table."""
        return self.column.replace("_", " ")

    def splits(self, source: SplitSource) -> tuple[RowSplit, ...]:
        """Return the one split; rows that say neither are in neither part."""
        if self.column not in source.column_of:
            raise InputError(
                describe(f"no split column {self.column!r}", found=", ".join(source.column_of) or "none",
                         do="Name it under split_columns of the scan.")
            )  # fmt: skip
        part = np.array([text or "" for text in source.column_of[self.column]])
        return _checked([RowSplit(np.flatnonzero(part == "train"), np.flatnonzero(part == "test"))], self.label)
