"""Exact ceilings: the best that anyone can do who cannot tell certain inputs apart.

Items whose inputs are the same get the same answer. So the best accuracy gives each group of ties its commonest label,
and the best AUROC is that of the groups' share of positives. Axes: item.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, Shaped

from protea.benchmark.suites.diagnostics_labels import SEQUENCE_OFFSET
from protea.errors import InputError, describe
from protea.metrics.auroc import auroc

__all__ = ["later_residue_ceiling", "tied_accuracy", "tied_auroc"]


def tied_accuracy(label: Shaped[np.ndarray, " item"], group: Int[np.ndarray, " item"]) -> float:
    """Return the best accuracy of one answer per group of items that look the same."""
    _check(label, group)
    classes, code = np.unique(label, return_inverse=True)
    _, row = np.unique(group, return_inverse=True)
    counts = np.zeros((int(row.max()) + 1, len(classes)), dtype=np.int64)
    np.add.at(counts, (row, code), 1)
    return float(counts.max(1).sum() / len(label))


def tied_auroc(label: Shaped[np.ndarray, " item"], group: Int[np.ndarray, " item"]) -> float:
    """Return the best AUROC of one score per group of items that look the same: its share of positives."""
    _check(label, group)
    _, row = np.unique(group, return_inverse=True)
    share = np.bincount(row, weights=label) / np.bincount(row)
    return auroc(label, share[row])


def later_residue_ceiling(sequences: Sequence[str]) -> float:
    """Return the best accuracy on the type of residue i + 4 for one who cannot tell it from i - 4.

    Where both exist, half of the answers are right, and all where the two types are equal; where i - 4 is beyond the
    end of the chain, i + 4 stands alone.
    """
    right, count = 0.0, 0
    for sequence in sequences:
        letters = np.array(list(sequence))
        inner = letters[2 * SEQUENCE_OFFSET :] == letters[: -2 * SEQUENCE_OFFSET]
        right += min(SEQUENCE_OFFSET, len(letters) - SEQUENCE_OFFSET) + float(np.where(inner, 1.0, 0.5).sum())
        count += len(letters) - SEQUENCE_OFFSET
    return right / count


def _check(label: Shaped[np.ndarray, " item"], group: Int[np.ndarray, " item"]) -> None:
    if len(label) == 0 or len(label) != len(group):
        raise InputError(
            describe("labels and groups differ", expected="as many groups as labels, one at least",
                     found=f"{len(label)} labels, {len(group)} groups")
        )  # fmt: skip
