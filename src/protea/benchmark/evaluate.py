"""A trained run judged on structures that it has never seen, laid out like the data of its own source.

The run's source is read at the new place, every protein is predicted with the run's weights, and each metric is taken
over all supervised items, with a bootstrap interval over whole complexes or proteins. Axes: protein, item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from protea.benchmark.evaluate_pairs import evaluate_pairs
from protea.benchmark.measured import Measured, VariantResult
from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.suites.interface import SuiteData
from protea.benchmark.trained import OWN, TrainedRun, labels_of
from protea.config import Config, apply_overrides, parse_config
from protea.datasets.sources.ca_traces import CATracesConfig
from protea.datasets.sources.catalogue import AnySource
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.interface import SourceConfig
from protea.datasets.store import Store
from protea.errors import InputError, describe
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.metrics.spearman_within import grouped_scores
from protea.metrics.undefined import UndefinedMetric
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import LOSS, Predictions, metric_inputs, predict
from protea.training.stored_inputs import require_embeddings, with_embeddings

__all__ = ["Evaluation", "MetricsOf", "evaluate_run"]

MetricsOf = Callable[[SuiteData], Mapping[str, tuple[str, ...]]]


class _Own(Config):
    """A source without a suite."""

    source: AnySource


@dataclass(frozen=True)
class Evaluation:
    """What a run is worth on other data."""

    run: str
    data: str
    suite: str
    variants: Mapping[str, VariantResult]


def evaluate_run(
    run: TrainedRun,
    data: Path,
    cache: Path,
    *,
    overrides: list[str] | None = None,
    num_resamples: int = 1000,
    level: float = 0.95,
) -> Evaluation:
    """Return the metrics of a run on the data at a path.

    Args:
        run: the trained run; its `run.yaml` names the suite and the source.
        data: a folder, archive or table laid out like the source's own.
        cache: where the data are kept as a store.
        overrides: `a.b=c` changes of the suite's configuration, such as `source.contact_cutoff=4`.
        num_resamples: bootstrap resamples.
        level: share of resamples inside the interval.

    Raises:
        InputError: if the data are absent or hold nothing of the kind, or the source does not read files.
    """
    if not data.exists():
        raise InputError(describe("no such file or folder", where=str(data), do="Check --data."))
    changed = _moved(run, data, overrides or [])
    pairs = None if changed.get("kind") == OWN else parse_suite(changed).whole(cache)
    if pairs is not None:
        variants = evaluate_pairs(run, parse_suite(changed).tasks(pairs), pairs, num_resamples, level)
    else:
        source, metrics_of = _asked(run, changed, data)
        variants = {
            name: _variant(run, view, metrics_of, cache, num_resamples, level) for name, view in _views(source).items()
        }
    if not any(result.num_proteins for result in variants.values()):
        notes = next(iter(variants.values())).notes
        raise InputError(describe("no protein could be read", where=str(data), found=" ".join(notes)))
    return Evaluation(str(run.folder), str(data), str(run.record.suite["kind"]), variants)


def _moved(run: TrainedRun, data: Path, overrides: list[str]) -> dict[str, Any]:
    """Return the run's suite with its source at the new place."""
    tree = run.record.suite
    source_tree = dict(tree.get("source", {}))
    if "path" not in source_tree:
        raise InputError(
            describe("the suite makes its own proteins, so there is no other place to read them from",
                     where=f"suite {tree.get('kind')}", do="Evaluate a run of a suite that reads files.")
        )  # fmt: skip
    source_tree["path"] = str(data)
    if "table" in source_tree:
        source_tree["table"] = None  # it describes the old data, and shapes no label
    return apply_overrides({**tree, "source": source_tree}, overrides)


def _asked(run: TrainedRun, changed: dict[str, Any], data: Path) -> tuple[SourceConfig, MetricsOf]:
    """Return the run's source at the new place, and which metrics judge which objective."""
    if changed.get("kind") == OWN:
        metric = str(changed["metric"])
        source = parse_config(_Own, {"source": changed["source"]}, where=str(data)).source
        return source, lambda known: {run.model.main: (metric,)}
    suite = parse_suite(changed)
    own: SourceConfig = suite.source  # type: ignore[attr-defined]
    return own, lambda known: {name: (task.metric, *task.also) for name, task in suite.tasks(known).items()}


def _views(source: SourceConfig) -> dict[str, SourceConfig]:
    """Return the input variants of a source, by the names that the suites give them."""
    if isinstance(source, DockingConfig):
        return {state: source.model_copy(update={"state": state}) for state in ("unbound", "bound")}
    return {"ca_trace" if isinstance(source, CATracesConfig) else "structures": source}


def _units(source: SourceConfig, ids: tuple[str, ...]) -> tuple[str, np.ndarray]:
    """Return what resampling counts, and the unit of each protein."""
    if isinstance(source, DockingConfig):
        return "complex", np.array([name.rpartition("_")[0] for name in ids])
    if isinstance(source, CATracesConfig):
        group_of = source.groups()
        return "superfamily", np.array([group_of[name] for name in ids])
    return "protein", np.array(ids)


def _variant(
    run: TrainedRun, source: SourceConfig, metrics_of: MetricsOf, cache: Path, num_resamples: int, level: float
) -> VariantResult:
    store, notes = prepared_store(source, cache)
    unit, unit_of = _units(source, store.ids)
    if not len(store):
        return VariantResult(0, unit, {}, notes)
    rows = _rows(run, store)
    known = SuiteData(store.ids, rows.lengths, {"data": rows}, (), unit_of, store.fingerprint)
    batch = run.record.training.batch
    # A protein longer than any of the training data is a batch of its own.
    batch = batch.model_copy(update={"max_residues": max(batch.max_residues, int(rows.lengths.max()))})
    results: dict[str, dict[str, Measured]] = {}
    for name, metrics in metrics_of(known).items():
        batches = evaluation_batches(rows, batch)
        predictions = predict(run.model, batches, name, run.record.seed, torch.device("cpu"))
        results[name] = {metric: _measure(metric, predictions, unit_of, num_resamples, level) for metric in metrics}
    return VariantResult(len(store), unit, results, notes)


def _rows(run: TrainedRun, store: Store) -> Rows:
    labels = labels_of(run.record.model)
    lengths, scheme = np.asarray(store.lengths), run.record.model.scheme
    require_embeddings(scheme, store.ids, lengths.tolist())
    return with_embeddings(Rows(np.arange(len(store)), lengths, partial(load_batch, store, labels)), scheme)


def _measure(name: str, predictions: Predictions, unit_of: np.ndarray, num_resamples: int, level: float) -> Measured:
    keep = predictions.is_supervised
    num_items = int(keep.sum())
    if not num_items:
        return Measured(None, None, None, 0, 0, "no supervised item")
    # The row of each unit, since an objective that compares views has several of a protein.
    unit = unit_of[predictions.rows[predictions.protein_of_item()]][keep]
    num_units = len(np.unique(unit))
    if name == LOSS:
        return Measured(predictions.loss, None, None, num_items, num_units, "a mean loss has no interval")
    metric, target = metric_named(name), predictions.target[keep]
    if metric.needs == "grouped":
        score = grouped_scores(predictions.score, predictions.ids, predictions.protein_of_item())[keep]
    else:
        score = metric_inputs(name, predictions.score[keep], predictions.columns)
    try:
        if num_units < 2:
            value = metric.function(target, score, None)
            return Measured(value, None, None, num_items, num_units, "one unit: nothing to resample")
        found = bootstrap_interval(metric, target, score, unit, num_resamples, level)
    except UndefinedMetric as error:
        return Measured(None, None, None, num_items, num_units, str(error))
    lost = found.num_undefined_resamples
    reason = f"{lost} of {num_resamples} resamples without a value" if lost else ""
    return Measured(found.estimate, found.low, found.high, num_items, num_units, reason)
