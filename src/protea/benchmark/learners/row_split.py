"""Rows to learn from and rows to predict, and folds of rows drawn at random."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from protea.errors import InputError

__all__ = ["RowSplit", "random_folds"]


@dataclass(frozen=True, eq=False)
class RowSplit:
    """Rows to learn from and rows to predict; a row may be in neither."""

    train: Int[np.ndarray, " train"]
    test: Int[np.ndarray, " test"]


def random_folds(num_rows: int, num_folds: int, seed: int) -> tuple[RowSplit, ...]:
    """Return one split per fold of equal size; each row is predicted once.

    Raises:
        InputError: fewer than two folds, or fewer rows than folds.
    """
    if not 2 <= num_folds <= num_rows:
        raise InputError(f"{num_folds} folds of {num_rows} rows; expected two folds or more, each with a row.")
    parts = [np.sort(part) for part in np.array_split(np.random.default_rng(seed).permutation(num_rows), num_folds)]
    return tuple(RowSplit(np.sort(np.concatenate([*parts[:i], *parts[i + 1 :]])), parts[i]) for i in range(num_folds))
