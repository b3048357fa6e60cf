"""Predictions of a run on disk, as small as the metrics allow, and metrics computed from them.

Class scores are kept as the log-probability of the true class and the predicted class: enough for perplexity, accuracy,
F1 and MCC, at 5 bytes an item; a single run keeps all of them beside these, which calibration needs. Numbers of a
predicted distribution keep their names (`objectives/stated_columns.py`). Axes: item (residues end to end, or proteins),
protein, class, column.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from protea.errors import FileFormatError, InputError, describe
from protea.metrics.catalogue import Metric, metric_named
from protea.metrics.micro_f1_best import best_cut
from protea.metrics.precision_at_l import map_cells
from protea.metrics.spearman_within import grouped_scores
from protea.metrics.undefined import UndefinedMetric
from protea.training.evaluation import Predictions, metric_inputs

__all__ = ["StoredPredictions", "load_predictions", "save_predictions", "stored"]

_ARRAYS = ("ids", "item_ptr", "target", "is_supervised", "score")


@dataclass(frozen=True, eq=False)
class StoredPredictions:
    """Scores [item] (probability or value), [item, column], or true-class log-probability with the predicted class."""

    ids: np.ndarray
    item_ptr: np.ndarray
    target: np.ndarray
    is_supervised: np.ndarray
    score: np.ndarray
    predicted_class: np.ndarray | None
    class_score: np.ndarray | None = None
    """Log-probabilities [item, class], where they were kept."""
    columns: tuple[str, ...] = ()
    """What the columns of the score are, where they describe one distribution."""
    cut: float | None = None
    """Probability from which a label is predicted, chosen on validation; one half where none was chosen."""
    separation: np.ndarray | None = None
    """Of each cell, where items are cells of maps of residue pairs, which stand in the place of proteins."""
    map_length: np.ndarray | None = None
    """Length L of each map."""

    def protein_of_item(self) -> np.ndarray:
        """Return the protein index of each item."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.item_ptr))

    def inputs_of(self, metric: Metric) -> tuple[np.ndarray, np.ndarray]:
        """Return (target, score) of the supervised items in the form that the metric needs."""
        keep = self.is_supervised
        if metric.needs == "map" and self.separation is not None and self.map_length is not None:
            cells = map_cells(self.score, self.protein_of_item(), self.separation, self.map_length)
            return self.target[keep], cells[keep]
        if metric.needs == "grouped":
            return self.target[keep], grouped_scores(self.score, self.ids, self.protein_of_item())[keep]
        if metric.needs == "decision" and self.cut is not None:
            return self.target[keep], (self.score[keep] >= np.float32(self.cut)).astype(np.int64)
        if self.predicted_class is None:
            return self.target[keep], metric_inputs(metric.name, self.score[keep], self.columns)
        if metric.needs == "class":
            return self.target[keep], self.predicted_class[keep]
        if metric.name == "perplexity":
            return _as_two_classes(self.score[keep])
        if metric.needs == "logits" and self.class_score is not None:
            return self.target[keep], self.class_score[keep]
        raise InputError(
            describe("a metric of class scores that needs all of them", where=metric.name,
                     expected="perplexity, accuracy, macro_f1 or mcc", do="Evaluate it when predicting.")
        )  # fmt: skip

    def best_cut(self) -> float:
        """Return the threshold with the highest micro-F1 over all supervised items."""
        return best_cut(self.target[self.is_supervised] == 1, self.score[self.is_supervised]).threshold

    def value(self, name: str) -> float:
        """Return a metric over all supervised items."""
        metric = metric_named(name)
        target, score = self.inputs_of(metric)
        return metric.function(target, score, None)

    def value_if_defined(self, name: str) -> float | None:
        """Return a metric over all supervised items, or None where it has no value: ranks of a constant, or no item."""
        if not self.is_supervised.any():
            return None
        try:
            return self.value(name)
        except UndefinedMetric:
            return None

    def only(self, keep_protein: np.ndarray) -> "StoredPredictions":
        """Return the predictions with only some proteins supervised."""
        keep = self.is_supervised & keep_protein[self.protein_of_item()]
        return replace(self, is_supervised=keep)


def _as_two_classes(log_probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return targets and logits of (true class, any other), whose perplexity is that of the whole distribution."""
    log_probability = np.minimum(log_probability.astype(np.float64), -1e-12)
    other = np.log(-np.expm1(log_probability))
    return np.zeros(len(log_probability), np.int64), np.stack([log_probability, other], axis=1)


def stored(predictions: Predictions, *, keeps_classes: bool = False, cut: float | None = None) -> StoredPredictions:
    """Return predictions in their stored form; with `keeps_classes` all class scores beside the two numbers."""
    score, predicted, class_score = predictions.score, None, None
    if score.ndim == 2 and not np.issubdtype(predictions.target.dtype, np.floating) and predictions.target.ndim == 1:
        predicted = score.argmax(-1).astype(np.uint16)
        class_score = score.astype(np.float32) if keeps_classes else None
        true_class = np.where(predictions.is_supervised, predictions.target, 0).astype(np.int64)
        score = np.take_along_axis(score, true_class[:, None], axis=1)[:, 0]
    return StoredPredictions(
        np.array(predictions.ids), predictions.item_ptr, predictions.target, predictions.is_supervised,
        score.astype(np.float32), predicted, class_score, predictions.columns, cut,
        *(predictions.maps or (None, None)),
    )  # fmt: skip


def save_predictions(predictions: StoredPredictions, path: Path) -> None:
    """Write predictions as compressed npz without objects."""
    arrays = {name: value for name, value in vars(predictions).items() if value is not None and name != "columns"}
    if predictions.cut is not None:
        arrays["cut"] = np.array(predictions.cut)
    if predictions.columns:
        arrays["columns"] = np.array(predictions.columns)
    if np.issubdtype(predictions.target.dtype, np.integer):
        known = predictions.target[predictions.is_supervised]
        if known.min(initial=0) >= 0 and known.max(initial=0) < 256:
            target = np.zeros(predictions.target.shape, np.uint8)
            target[predictions.is_supervised] = known
            arrays["target"] = target
    with path.open("wb") as handle:
        np.savez_compressed(handle, **arrays)


def load_predictions(path: Path) -> StoredPredictions:
    """Return predictions written by `save_predictions`; raise FileFormatError where the file holds anything else."""
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
    except (BadZipFile, ValueError, EOFError, AttributeError) as error:
        raise FileFormatError(describe("not a file of predictions", where=str(path), found=str(error))) from error
    missing = [name for name in _ARRAYS if name not in arrays]
    if missing:
        raise FileFormatError(
            describe("not a file of predictions", where=str(path), expected=str(_ARRAYS), found=str(sorted(arrays)))
        )
    return StoredPredictions(
        arrays["ids"], arrays["item_ptr"], arrays["target"].astype(_wide(arrays["target"])), arrays["is_supervised"],
        arrays["score"], arrays.get("predicted_class"), arrays.get("class_score"),
        tuple(arrays["columns"].tolist()) if "columns" in arrays else (),
        float(arrays["cut"]) if "cut" in arrays else None,
        arrays.get("separation"),
        arrays.get("map_length"),
    )  # fmt: skip


def _wide(target: np.ndarray) -> type:
    return np.int64 if np.issubdtype(target.dtype, np.integer) else np.float64
