"""Predictions over a whole data set, and metrics on them: never a mean of batch values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.errors import ConfigError, InputError, describe
from protea.features.interface import FeaturisedBatch
from protea.metrics.catalogue import metric_named
from protea.metrics.precision_at_l import map_cells
from protea.metrics.spearman_within import grouped_scores
from protea.objectives.interface import Corruption, ItemLevel, Maps, Objective
from protea.objectives.stated_columns import gaussian_of, interval_of, value_of
from protea.protein.batch import ProteinBatch
from protea.training.model import ProteinModel

__all__ = [
    "BETWEEN_MEMBERS",
    "EVALUATION_EPOCH",
    "LOSS",
    "MapCells",
    "Predictions",
    "evaluate_metric",
    "is_higher_better",
    "metric_arrays",
    "metric_inputs",
    "predict",
    "predict_all",
]

LOSS = "loss"
"""Stands for a metric where there is none: the mean loss of an objective, for those that answer in several parts."""

BETWEEN_MEMBERS = "\t"
"""Stands between the two ids of a pair: ids hold no tabulator."""

EVALUATION_EPOCH = -1
"""The epoch number that seeds the corruptions of an evaluation: the same at every epoch of training."""


class MapCells(NamedTuple):
    """The separation of each cell, and the length L of each map."""

    separation: Int[np.ndarray, " cell"]
    length: Int[np.ndarray, " map"]


@dataclass(frozen=True, eq=False)
class Predictions:
    """Scores of one objective over a data set. Axes: item (residues end to end, proteins, or pairs), protein.

    Where items are pairs, they stand in the place of proteins, too: the id of a pair is those of both members, with
    `BETWEEN_MEMBERS` between. `rows` are those that were loaded, or -1 where units are not rows.
    """

    ids: tuple[str, ...]
    rows: np.ndarray
    item_ptr: np.ndarray
    score: np.ndarray
    target: np.ndarray
    is_supervised: np.ndarray
    loss: float
    """Mean loss per supervised item."""
    columns: tuple[str, ...] = ()
    """What the columns of the score are, where they describe one distribution (`objectives/stated_columns.py`)."""
    is_answered: np.ndarray | None = None
    """Which items were answered; the others have the score that is judged worst. None: all."""
    maps: MapCells | None = None
    """Where items are cells of maps: these stand in the place of proteins."""

    def share_answered(self) -> float:
        """Return the share of supervised items that were answered."""
        if self.is_answered is None:
            return 1.0
        return float(self.is_answered[self.is_supervised].mean())

    def is_constant(self) -> bool:
        """Return whether all supervised items have the same answer."""
        score = self.score[self.is_supervised]
        return bool((score == score[:1]).all())

    def protein_of_item(self) -> np.ndarray:
        """Return the protein index of each item."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.item_ptr))


class _Gathered:
    """Predictions of one objective, batch by batch."""

    def __init__(self, objective: Objective, *, scores: bool = True) -> None:
        self.objective, self.scores = objective, scores
        self.ids: list[str] = []
        self.rows: list[int] = []
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.maps: list[Maps] = []
        self.loss_sum, self.count = 0.0, 0

    def add(self, chosen: list[int], batch: ProteinBatch, inputs: FeaturisedBatch, encoding: Encoding) -> None:
        """Take the predictions of a batch from its encoding."""
        objective = self.objective
        prediction, target = objective.predict(encoding, inputs), objective.targets(batch)
        keep = target.is_supervised
        self.loss_sum += float(objective.loss_sum(prediction[keep], target.value[keep]))
        self.count += int(keep.sum())
        if objective.level == "map":
            self.maps.append(objective.maps(batch))
        ids, lengths = _units(objective.level, batch, self.maps[-1] if self.maps else None)
        self.ids.extend(ids)
        # Rows of a batch of pairs are pairs: the proteins that it holds have none of their own.
        has_rows = objective.level == "pair" or (objective.level != "map" and not len(batch.pair_member))
        rows = [row for row in chosen for _ in range(objective.num_views)]
        self.rows.extend(rows if has_rows else [-1] * len(ids))
        if self.scores:
            score, is_answered = objective.judged(prediction, target.value)
        else:
            is_answered = torch.ones_like(keep)
            score = is_answered.new_zeros((len(keep), 0))
        arrays = (lengths, score, target.value, keep, is_answered)
        self.parts.append(tuple(array.cpu().numpy() for array in arrays))

    def predictions(self, name: str) -> Predictions:
        """Return everything that was taken; raise ConfigError where it was nothing."""
        if not self.parts:
            raise ConfigError(describe("no protein to predict", where=name, do="Check the split."))
        length, score, value, is_supervised, is_answered = (
            np.concatenate(column) for column in zip(*self.parts, strict=True)
        )
        item_ptr = np.concatenate([[0], np.cumsum(length)])
        loss = self.loss_sum / max(self.count, 1)
        return Predictions(tuple(self.ids), np.array(self.rows), item_ptr, score, value, is_supervised, loss,
                           self.objective.columns, is_answered, _joined_maps(self.maps))  # fmt: skip


def _joined_maps(parts: Sequence[Maps]) -> MapCells | None:
    """Return the maps of all batches end to end; None where there are none."""
    if not parts:
        return None
    separation = np.concatenate([part.separation.cpu().numpy() for part in parts])
    return MapCells(separation, np.array([one for part in parts for one in part.length], np.int64))


def _units(level: ItemLevel, batch: ProteinBatch, maps: Maps | None) -> tuple[tuple[str, ...], Int[Tensor, " unit"]]:
    """Return the ids of the proteins, pairs or maps of a batch and the number of items of each."""
    if maps is not None:
        return tuple(BETWEEN_MEMBERS.join(own) for own in maps.members), torch.tensor(maps.num_cells, dtype=torch.long)
    if level == "pair":
        ids = tuple(BETWEEN_MEMBERS.join(batch.ids[row] for row in pair) for pair in batch.pair_member.tolist())
        return ids, torch.ones(len(ids), dtype=torch.long)
    return batch.ids, batch.lengths() if level == "residue" else torch.ones(len(batch), dtype=torch.long)


@torch.no_grad()
def predict_all(
    model: ProteinModel, batches: Iterable[tuple[list[int], ProteinBatch]], names: Sequence[str], seed: int,
    device: torch.device, *, scores: bool = True,
) -> dict[str, Predictions]:  # fmt: skip
    """Return the predictions of objectives by name in evaluation mode; to each only its own corruption is applied.

    All objectives that leave a batch as it is and read it under the same prompts share one encoding. Without `scores`
    there are losses alone, and scores have no columns: some objectives take long to answer.
    """
    was_training = model.training
    model.eval()
    corruption = Corruption(seed, EVALUATION_EPOCH)
    dtype = next(model.parameters()).dtype
    gathered = {name: _Gathered(model.objective(name), scores=scores) for name in names}
    for chosen, batch in batches:
        clean = batch.to(device).to(dtype)
        of_clean: dict[tuple[str, ...] | None, tuple[FeaturisedBatch, Encoding]] = {}
        for name, found in gathered.items():
            seen = found.objective.corrupt(clean, corruption)
            if seen is not clean:
                found.add(chosen, seen, *_encoded(model, seen, name))
                continue
            prompts = model.prompts.get(name)
            if prompts not in of_clean:
                of_clean[prompts] = _encoded(model, clean, name)
            found.add(chosen, clean, *of_clean[prompts])
    model.train(was_training)
    return {name: found.predictions(name) for name, found in gathered.items()}


def _encoded(model: ProteinModel, batch: ProteinBatch, name: str) -> tuple[FeaturisedBatch, Encoding]:
    inputs = model.under_prompts(name, model.featurise(batch))
    return inputs, model.encoder(inputs)


def predict(
    model: ProteinModel, batches: Iterable[tuple[list[int], ProteinBatch]], name: str, seed: int, device: torch.device
) -> Predictions:
    """Return the predictions of one objective in evaluation mode; only this objective's own corruption is applied."""
    return predict_all(model, batches, [name], seed, device)[name]


def metric_inputs(metric: str, score: np.ndarray, columns: Sequence[str] = ()) -> np.ndarray:
    """Return scores in the form that a metric needs.

    Class ids come from class scores, yes or no per label from probabilities (yes from one half on); value, Gaussian or
    interval from the columns of a predicted distribution; all else is unchanged.

    Raises:
        InputError: the metric reads a sigma or an interval, and the prediction states none, or it reads maps.
    """
    needs = metric_named(metric).needs
    if needs == "map":
        raise InputError(describe("a metric of maps of residue pairs", where=metric, expected="cells of maps"))
    if needs == "grouped":
        raise InputError(describe("a metric within groups", where=metric, expected="scores with their groups"))
    if needs == "gaussian":
        return gaussian_of(score, columns)
    if needs == "interval":
        return interval_of(score, columns)
    if columns:
        return value_of(score, columns)
    if needs == "decision":
        return (score >= 0.5).astype(np.int64)
    if needs == "class":
        return score.argmax(-1) if score.ndim == 2 else (score > 0.5).astype(np.int64)
    return score


def is_higher_better(metric: str) -> bool:
    """Return whether more of a metric is better; raise InputError where there is no such metric."""
    return metric != LOSS and metric_named(metric).higher_is_better


def metric_arrays(metric: str, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Return (target, score) of the supervised items in the form that a metric needs, cells of maps among them."""
    found, keep = metric_named(metric), predictions.is_supervised
    if found.needs == "map" and predictions.maps is not None:
        score = map_cells(predictions.score, predictions.protein_of_item(), *predictions.maps)[keep]
    elif found.needs == "grouped":
        score = grouped_scores(predictions.score, predictions.ids, predictions.protein_of_item())[keep]
    else:
        score = metric_inputs(metric, predictions.score[keep], predictions.columns)
    return predictions.target[keep], score


def evaluate_metric(metric: str, predictions: Predictions) -> float:
    """Return the metric, or the mean loss, over all supervised items."""
    if not predictions.is_supervised.any():
        raise ConfigError(describe("no supervised item to evaluate", where=metric, do="Check the labels of the split."))
    if metric == LOSS:
        return predictions.loss
    return metric_named(metric).function(*metric_arrays(metric, predictions), None)
