"""Predictions on a subset of the entries, and whether folds hold enough of them to be judged one by one."""

from collections.abc import Sequence

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected

__all__ = ["FEWEST_ENTRIES", "holds_too_few", "of_subset", "pool"]

FEWEST_ENTRIES = 10
"""With fewer entries of a subset in the test part of some fold, its predictions are pooled over folds.

That mixes the scales of several models and understates them all; a metric of three would be worse still.
"""


def holds_too_few(collected: Collected, subset: str) -> bool:
    """Return whether the test part of some fold of the grid holds fewer than `FEWEST_ENTRIES` of a subset."""
    data = collected.data
    held = [data.in_subset(subset, fold, data.folds[fold].test) for fold in collected.grid.folds]
    return min(int(is_in.sum()) for is_in in held) < FEWEST_ENTRIES


def of_subset(predictions: StoredPredictions, collected: Collected, subset: str, fold: int) -> StoredPredictions | None:
    """Return the predictions with only a subset's entries supervised, or None where none of them has a label."""
    chosen = predictions.only(collected.data.in_subset(subset, fold, predictions.ids.tolist()))
    return chosen if chosen.is_supervised.any() else None


def pool(parts: Sequence[StoredPredictions]) -> StoredPredictions:
    """Return the predictions of several folds as one, end to end.

    Where each fold has a threshold of its own, scores are moved so that all have that of the first.
    """
    cut = parts[0].cut
    moved = [part.score if part.cut is None or cut is None else part.score - part.cut + cut for part in parts]
    lengths = np.concatenate([np.diff(part.item_ptr) for part in parts])
    classes = [part.predicted_class for part in parts if part.predicted_class is not None]
    return StoredPredictions(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.is_supervised for part in parts]),
        np.concatenate(moved),
        np.concatenate(classes) if classes else None,
        columns=parts[0].columns,
        cut=cut,
        separation=_end_to_end([part.separation for part in parts]),
        map_length=_end_to_end([part.map_length for part in parts]),
    )


def _end_to_end(parts: Sequence[np.ndarray | None]) -> np.ndarray | None:
    found = [part for part in parts if part is not None]
    return np.concatenate(found) if found else None
