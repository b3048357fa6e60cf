"""Predictions over a whole data set, and metrics on them: never a mean of batch values."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

from protea.errors import ConfigError, describe
from protea.metrics.catalogue import metric_named
from protea.objectives.interface import Corruption
from protea.protein.batch import ProteinBatch
from protea.training.model import ProteinModel

__all__ = ["EVALUATION_EPOCH", "Predictions", "evaluate_metric", "metric_inputs", "predict"]

EVALUATION_EPOCH = -1
"""The epoch number that seeds the corruptions of an evaluation: the same at every epoch of training."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Scores of one objective over a data set. Axes: item (residues end to end, or proteins), protein."""

    ids: tuple[str, ...]
    rows: np.ndarray
    item_ptr: np.ndarray
    score: np.ndarray
    target: np.ndarray
    is_supervised: np.ndarray
    loss: float
    """Mean loss per supervised item."""

    def protein_of_item(self) -> np.ndarray:
        """Return the protein index of each item."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.item_ptr))


@torch.no_grad()
def predict(
    model: ProteinModel, batches: Iterable[tuple[list[int], ProteinBatch]], name: str, seed: int, device: torch.device
) -> Predictions:
    """Return the predictions of one objective in evaluation mode; only this objective's own corruption is applied."""
    was_training = model.training
    model.eval()
    objective = model.objective(name)
    corruption = Corruption(seed, EVALUATION_EPOCH)
    dtype = next(model.parameters()).dtype
    ids: list[str] = []
    rows: list[int] = []
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    loss_sum, count = 0.0, 0
    for chosen, batch in batches:
        batch = objective.corrupt(batch.to(device).to(dtype), corruption)
        inputs = model.featurise(batch)
        prediction = objective.predict(model.encoder(inputs), inputs)
        target = objective.targets(batch)
        keep = target.is_supervised
        loss_sum += float(objective.loss_sum(prediction[keep], target.value[keep]))
        count += int(keep.sum())
        lengths = batch.lengths() if objective.level == "residue" else torch.ones(len(batch), dtype=torch.long)
        ids.extend(batch.ids)
        rows.extend(chosen)
        arrays = (lengths, objective.score(prediction), target.value, keep)
        parts.append(tuple(array.cpu().numpy() for array in arrays))  # type: ignore[arg-type]
    model.train(was_training)
    if not parts:
        raise ConfigError(describe("no protein to predict", where=name, do="Check the split."))
    length, score, value, is_supervised = (np.concatenate(column) for column in zip(*parts, strict=True))
    item_ptr = np.concatenate([[0], np.cumsum(length)])
    return Predictions(tuple(ids), np.array(rows), item_ptr, score, value, is_supervised, loss_sum / max(count, 1))


def metric_inputs(metric: str, score: np.ndarray) -> np.ndarray:
    """Return scores in the form that a metric needs: class ids from class scores, all else unchanged."""
    if metric_named(metric).needs == "class":
        return score.argmax(-1) if score.ndim == 2 else (score > 0.5).astype(np.int64)
    return score


def evaluate_metric(metric: str, predictions: Predictions) -> float:
    """Return the metric over all supervised items."""
    if not predictions.is_supervised.any():
        raise ConfigError(describe("no supervised item to evaluate", where=metric, do="Check the labels of the split."))
    found = metric_named(metric)
    keep = predictions.is_supervised
    return found.function(predictions.target[keep], metric_inputs(metric, predictions.score[keep]), None)
