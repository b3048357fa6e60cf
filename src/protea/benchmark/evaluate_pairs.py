"""A trained run of a suite of pairs judged on all pairs of other data: each metric with an interval over both proteins.

A task that is judged by decisions is cut at the threshold that the run chose on its own validation part. Axes: pair.
"""

from collections.abc import Mapping

import numpy as np
import torch

from protea.benchmark.cell import VALIDATION, CellFiles
from protea.benchmark.measured import Measured, VariantResult
from protea.benchmark.predictions import StoredPredictions, load_predictions, stored
from protea.benchmark.report.mean_over_folds import resample_fold
from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.trained import TrainedRun
from protea.errors import InputError, describe
from protea.metrics.undefined import UndefinedMetric
from protea.training.data import evaluation_batches
from protea.training.evaluation import predict_all
from protea.training.stored_inputs import require_embeddings, with_embeddings

__all__ = ["evaluate_pairs"]


def evaluate_pairs(
    run: TrainedRun, tasks: Mapping[str, Task], data: SuiteData, num_resamples: int, level: float
) -> dict[str, VariantResult]:
    """Return the metrics of every task on all pairs, by input variant.

    Raises InputError where a protein has no embedding that the run reads, or the run kept no threshold that is needed.
    """
    assert data.proteins is not None  # entries are pairs
    scheme, batch = run.record.model.scheme, run.record.training.batch
    require_embeddings(scheme, data.proteins.ids, data.proteins.lengths.tolist())
    units, found = data.units(), {}
    for variant in data.inputs:
        rows = with_embeddings(data.rows(data.ids, variant), scheme)
        # A pair longer than any of the training data is a batch of its own.
        sizes = batch.model_copy(update={"max_residues": max(batch.max_residues, int(rows.lengths.max(initial=1)))})
        batches = evaluation_batches(rows, sizes)
        predictions = predict_all(run.model, batches, list(tasks), run.record.seed, torch.device("cpu"))
        results = {}
        for name, task in tasks.items():
            kept = stored(predictions[name], cut=_cut(run, name) if task.is_decided else None)
            unit = np.array([units[str(own)] for own in kept.ids])
            results[name] = {
                metric: _measured(kept, metric, unit, num_resamples, level) for metric in (task.metric, *task.also)
            }
        found[variant] = VariantResult(data.num_proteins, "family of proteins", results, data.notes)
    return found


def _cut(run: TrainedRun, task: str) -> float:
    """Return the threshold that a run chose; another, such as one half, would be another model's decision."""
    path = CellFiles(run.folder).predictions(task, VALIDATION)
    found = load_predictions(path).cut if path.exists() else None
    if found is None:
        raise InputError(
            describe("no threshold of the decisions", where=str(run.folder), expected=f"{path.name} with `cut`",
                     do="Evaluate the run's own folder, with the predictions of its validation part.")
        )  # fmt: skip
    return found


def _measured(
    predictions: StoredPredictions, metric: str, unit: np.ndarray, num_resamples: int, level: float
) -> Measured:
    num_items, num_units = int(predictions.is_supervised.sum()), len(np.unique(unit))
    if not num_items:
        return Measured(None, None, None, 0, 0, "no supervised item")
    try:
        if num_units < 2:
            return Measured(
                predictions.value(metric), None, None, num_items, num_units, "one unit: nothing to resample"
            )
        found = resample_fold(predictions, metric, unit, num_resamples, 0)
    except UndefinedMetric as error:
        return Measured(None, None, None, num_items, num_units, str(error))
    lost = int((~found.is_defined).sum())
    if lost == num_resamples:
        return Measured(found.estimate, None, None, num_items, num_units, "no resample has a value")
    low, high = np.quantile(found.value[found.is_defined], [(1 - level) / 2, (1 + level) / 2])
    reason = f"{lost} of {num_resamples} resamples without a value" if lost else ""
    return Measured(found.estimate, float(low), float(high), num_items, num_units, reason)
