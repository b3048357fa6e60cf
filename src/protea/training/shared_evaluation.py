"""Evaluation by all processes of a training: each reads a stretch of the batches, and all know all predictions.

Every protein is read exactly once. The stretches are joined in the order of the processes, which is that of one process
alone, so that metrics over the whole data set are the same. Axes: item, protein.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch
from torch import distributed

from protea.training.config import BatchConfig
from protea.training.data import Rows, evaluation_batches, num_evaluation_batches
from protea.training.evaluation import Predictions, predict_all
from protea.training.model import ProteinModel

__all__ = ["joined_predictions", "predict_in_stretches", "stretch_of"]


def predict_in_stretches(
    model: ProteinModel, data: Rows, batch: BatchConfig, names: Sequence[str], seed: int, device: torch.device, *,
    num_workers: int = 0, rank: int = 0, world_size: int = 1, scores: bool = True,
) -> dict[str, Predictions]:  # fmt: skip
    """Return the predictions over all rows on every process; called by all processes of a training together."""
    own = stretch_of(num_evaluation_batches(data, batch), rank, world_size)
    batches = evaluation_batches(data, batch, num_workers, own)
    if world_size == 1:
        return predict_all(model, batches, names, seed, device, scores=scores)
    found = predict_all(model, batches, names, seed, device, scores=scores) if own.start < own.stop else None
    parts: list[dict[str, Predictions] | None] = [None] * world_size
    distributed.all_gather_object(parts, found)
    return {name: joined_predictions([part[name] for part in parts if part is not None]) for name in names}


def stretch_of(num: int, rank: int, world_size: int) -> slice:
    """Return which of `num` batches a process reads: stretches that differ by one batch at most."""
    return slice(num * rank // world_size, num * (rank + 1) // world_size)


def joined_predictions(parts: Sequence[Predictions]) -> Predictions:
    """Return stretches of predictions as one; arrays, and tuples of arrays, are laid end to end."""
    first = parts[0]
    if len(parts) == 1:
        return first
    changed: dict[str, Any] = {"ids": tuple(name for part in parts for name in part.ids)}
    for field in fields(Predictions):
        values = [getattr(part, field.name) for part in parts]
        if isinstance(values[0], np.ndarray):
            changed[field.name] = np.concatenate(values)
        elif hasattr(values[0], "_fields"):
            changed[field.name] = type(values[0])(*map(np.concatenate, zip(*values, strict=True)))
    ends = np.cumsum([part.item_ptr[-1] for part in parts])
    item_ptr = [first.item_ptr, *(part.item_ptr[1:] + end for part, end in zip(parts[1:], ends, strict=False))]
    counts = [int(part.is_supervised.sum()) for part in parts]
    loss = sum(part.loss * count for part, count in zip(parts, counts, strict=True)) / max(sum(counts), 1)
    return replace(first, **{**changed, "item_ptr": np.concatenate(item_ptr), "loss": loss})
