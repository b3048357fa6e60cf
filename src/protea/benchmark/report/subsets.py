"""Predictions on a subset of the proteins, and whether folds hold enough of them to be judged one by one."""

from collections.abc import Sequence

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected

__all__ = ["FEWEST_PROTEINS", "holds_too_few", "of_subset", "pool"]

FEWEST_PROTEINS = 10
"""With fewer proteins of a subset in the test part of some fold, its predictions are pooled over folds.

That mixes the scales of several models and understates them all; a metric of three proteins would be worse still.
"""


def holds_too_few(collected: Collected, subset: str) -> bool:
    """Return whether the test part of some fold of the grid holds fewer than `FEWEST_PROTEINS` of a subset."""
    members = np.array(collected.data.ids)[collected.data.subsets[subset]]
    tests = [np.array(collected.data.folds[fold].test) for fold in collected.grid.folds]
    return min(int(np.isin(test, members).sum()) for test in tests) < FEWEST_PROTEINS


def of_subset(predictions: StoredPredictions, collected: Collected, subset: str) -> StoredPredictions | None:
    """Return the predictions with only a subset's proteins supervised, or None where none of them has a label."""
    members = np.array(collected.data.ids)[collected.data.subsets[subset]]
    chosen = predictions.only(np.isin(predictions.ids, members))
    return chosen if chosen.is_supervised.any() else None


def pool(parts: Sequence[StoredPredictions]) -> StoredPredictions:
    """Return the predictions of several folds as one, end to end."""
    lengths = np.concatenate([np.diff(part.item_ptr) for part in parts])
    classes = [part.predicted_class for part in parts if part.predicted_class is not None]
    return StoredPredictions(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.is_supervised for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate(classes) if classes else None,
        columns=parts[0].columns,
    )
