"""The columns of a table: which predictions are judged by which metric; and a row's score in one of them."""

from dataclasses import dataclass, replace

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected, FinishedCell, RowKey
from protea.benchmark.report.subsets import holds_too_few, of_subset, pool
from protea.metrics.bootstrap import Interval
from protea.metrics.catalogue import metric_named

__all__ = ["Column", "Score", "columns_of", "score_of", "watched", "without_value"]

_METRIC_TITLE = {
    "auprc": "AUPRC", "auroc": "AUROC", "mcc": "MCC", "macro_f1": "macro F1", "fmax": "F-max", "rmse": "RMSE",
    "mae": "MAE", "spearman": "Spearman", "pearson": "Pearson", "micro_f1": "micro-F1",
    "micro_f1_best": "micro-F1 at the test's best threshold (oracle)",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: a task's predictions on one input variant, all proteins or a subset, judged by one metric."""

    task: str
    variant: str
    metric: str
    subset: str | None = None
    is_pooled: bool = False
    """Whether a subset's predictions of all folds are judged in one list, because some fold holds too few of it."""

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
        differing += [self.subset + (" (pooled)" if self.is_pooled else "")] if self.subset else []
        return ", ".join([self.metric_title, *differing])


@dataclass(frozen=True)
class Score:
    """A row in a column: mean over folds of the mean over seeds, with both spreads.

    A spread is None where fewer than two values exist, as in a pooled column, whose one value is that of the first
    seed's predictions. `interval` is that of the mean over folds of the first seed, by resampling units in each fold.
    """

    mean: float
    sd_folds: float | None
    sd_seeds: float | None
    num_cells: int
    interval: Interval | None = None
    num_undefined: int = 0
    """Further cells whose answer has no value (ranks of a constant): they are missing from the mean, which flatters."""

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
    columns += [Column(name, variants[0], task.metric, it, holds_too_few(collected, it)) for it in data.subsets]
    others = [Column(other, variants[0], it.metric) for other, it in collected.tasks.items() if other != name]
    return tuple(columns), tuple(others)


def watched(collected: Collected, column: Column) -> Column:
    """Return the column of the metric that stops trainings, chooses their best epoch, and stands in their logs.

    It need not be the one that judges.
    """
    return replace(column, metric=collected.tasks[column.task].on_validation)


def score_of(collected: Collected, row: RowKey, column: Column) -> Score | None:
    """Return the score of a row in a column without interval; None where it has no finished cell for it."""
    if column.is_pooled:
        return _pooled_score(collected, row, column)
    values: dict[int, list[float]] = {}
    for found in collected.cells(row):
        value = _value(collected, found, column)
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
        num_undefined=len(without_value(collected, row, column)) if column.subset is None else 0,
    )


def without_value(collected: Collected, row: RowKey, column: Column) -> list[FinishedCell]:
    """Return the cells of a row that answered and have no value, as of the ranks of a constant.

    A fold in which no row has a value is not counted against anybody.
    """
    judged = {cell.fold for cell, found in collected.finished.items() if _stored(found, column) is not None}
    cells = [found for found in collected.cells(row) if found.answers(column.variant, column.task)]
    return [found for found in cells if found.cell.fold in judged and _stored(found, column) is None]


def _stored(found: FinishedCell, column: Column) -> float | None:
    return found.value(column.variant, column.task, column.metric)


def _value(collected: Collected, found: FinishedCell, column: Column) -> float | None:
    if column.subset is None:
        return _stored(found, column)
    chosen = _chosen(collected, found, column)
    return None if chosen is None else chosen.value_if_defined(column.metric)


def _chosen(collected: Collected, found: FinishedCell, column: Column) -> StoredPredictions | None:
    """Return the predictions of a cell on the column's subset, or None where it has none."""
    assert column.subset is not None
    predictions = found.predictions(column.task, column.variant)
    return None if predictions is None else of_subset(predictions, collected, column.subset, found.cell.fold)


def _pooled_score(collected: Collected, row: RowKey, column: Column) -> Score | None:
    cells = [cell for fold, seed in collected.first_columns if (cell := collected.at(row, fold, seed)) is not None]
    parts = [chosen for cell in cells if (chosen := _chosen(collected, cell, column)) is not None]
    value = pool(parts).value_if_defined(column.metric) if parts else None
    return None if value is None else Score(value, None, None, len(parts))
