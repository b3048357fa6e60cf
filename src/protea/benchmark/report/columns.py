"""The columns of a table: which predictions are judged by which metric; and a row's score in one of them."""

from dataclasses import dataclass

import numpy as np

from protea.benchmark.report.collect import Collected, FinishedCell, RowKey
from protea.benchmark.report.pooled import pool
from protea.metrics.bootstrap import Interval
from protea.metrics.catalogue import metric_named
from protea.metrics.undefined import UndefinedMetric

__all__ = ["Column", "Score", "columns_of", "score_of"]

_METRIC_TITLE = {
    "auprc": "AUPRC", "auroc": "AUROC", "mcc": "MCC", "macro_f1": "macro F1", "fmax": "F-max", "rmse": "RMSE",
    "mae": "MAE", "spearman": "Spearman", "pearson": "Pearson",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: a task's predictions on one input variant, all proteins or a subset, judged by one metric."""

    task: str
    variant: str
    metric: str
    subset: str | None = None

    @property
    def metric_title(self) -> str:
        """The metric as people write it."""
        return _METRIC_TITLE.get(self.metric, self.metric.replace("_", " "))

    @property
    def higher_is_better(self) -> bool:
        """The direction of the metric."""
        return metric_named(self.metric).higher_is_better

    def title(self, main: "Column") -> str:
        """Return a heading that names what differs from the main column."""
        differing = [self.task.replace("_", " ")] if self.task != main.task else []
        differing += [self.variant] if self.variant != main.variant else []
        differing += [self.subset] if self.subset else []
        return ", ".join([self.metric_title, *differing])


@dataclass(frozen=True)
class Score:
    """A row in a column: mean over folds of the mean over seeds, with both spreads.

    A spread is None where fewer than two values exist. For a subset the value is that of the pooled predictions, since
    a fold may hold few of its proteins, and there is no spread. `interval` is by unit on the pooled predictions.
    """

    mean: float
    sd_folds: float | None
    sd_seeds: float | None
    num_cells: int
    interval: Interval | None = None

    @property
    def sd(self) -> float | None:
        """The spread that the table prints: over folds, else over seeds."""
        return self.sd_folds if self.sd_folds is not None else self.sd_seeds


def columns_of(collected: Collected) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return the columns of the main task (the first is the one that rows are compared on), and the other tasks'."""
    data, name = collected.data, collected.main_task
    task, variants = collected.tasks[name], list(data.inputs)
    columns = [Column(name, variants[0], metric) for metric in (task.metric, *task.also)]
    columns += [Column(name, variant, task.metric) for variant in variants[1:]]
    columns += [Column(name, variants[0], task.metric, subset) for subset in data.subsets]
    others = [Column(other, variants[0], it.metric) for other, it in collected.tasks.items() if other != name]
    return tuple(columns), tuple(others)


def score_of(collected: Collected, row: RowKey, column: Column) -> Score | None:
    """Return the score of a row in a column without interval; None where it has no finished cell for it."""
    if column.subset is not None:
        return _subset_score(collected, row, column)
    values: dict[int, list[float]] = {}
    for found in collected.cells(row):
        value = found.value(column.variant, column.task, column.metric)
        if value is not None:
            values.setdefault(found.cell.fold, []).append(value)
    if not values:
        return None
    fold_means = np.array([np.mean(found) for found in values.values()])
    several = [np.array(found) for found in values.values() if len(found) > 1]
    sd_seeds = float(np.sqrt(np.mean([found.var(ddof=1) for found in several]))) if several else None
    return Score(
        mean=float(fold_means.mean()),
        sd_folds=float(fold_means.std(ddof=1)) if len(fold_means) > 1 else None,
        sd_seeds=sd_seeds,
        num_cells=sum(len(found) for found in values.values()),
    )


def _subset_score(collected: Collected, row: RowKey, column: Column) -> Score | None:
    assert column.subset is not None
    data = collected.data
    parts = []
    for fold, seed in collected.first_columns:
        found: FinishedCell | None = collected.at(row, fold, seed)
        predictions = None if found is None else found.predictions(column.task, column.variant)
        if predictions is not None:
            parts.append(predictions)
    if not parts:
        return None
    index_of = {name: index for index, name in enumerate(data.ids)}
    pooled = pool(parts)
    is_in = data.subsets[column.subset][[index_of[str(name)] for name in pooled.ids]]
    chosen = pooled.only(is_in)
    if not chosen.is_supervised.any():
        return None
    try:
        return Score(chosen.value(column.metric), None, None, len(parts))
    except UndefinedMetric:
        return None  # no positive, one class: the table shows the score as missing
