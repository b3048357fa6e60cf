"""Ranks of rows over the columns of a grid (fold, first seed, task): 1 is the best, invalid rows are not ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float
from scipy import stats

from protea.benchmark.report.collect import Collected, RowKey
from protea.metrics.catalogue import metric_named
from protea.metrics.ranks import mean_ranks

__all__ = ["Ranking", "rank_rows"]


@dataclass(frozen=True)
class Ranking:
    """Mean rank of each ranked row, its rank in each column, and how many columns all of these rows share."""

    mean: Mapping[RowKey, float] = field(default_factory=dict)
    each: Mapping[RowKey, tuple[float, ...]] = field(default_factory=dict)
    num_columns: int = 0


def rank_rows(collected: Collected, rows: Sequence[RowKey]) -> Ranking:
    """Return the ranks of the rows over the columns in which every one of them has a cell.

    A mean rank says something only beside others over the same columns. So a row without a result, and a control that
    answers some of the tasks only, are left out, and a column that some ranked row still lacks does not count. An
    answer of which the metric has no value (the ranks of a constant) is the worst in its column, whoever gave it; a
    column without any value does not count. Where no column is left, nobody is ranked.
    """
    variant = collected.data.main_input
    settings = [(*column, task) for column in collected.first_columns for task in collected.tasks]
    value_of = {row: _values(collected, row, settings, variant) for row in rows if _is_whole(collected, row, variant)}
    ranked = [row for row in rows if value_of.get(row)]
    shared = [setting for setting in settings if all(setting in value_of[row] for row in ranked)
              and any(value_of[row][setting] is not None for row in ranked)]  # fmt: skip
    if len(ranked) < 2 or not shared:
        return Ranking()
    is_higher = np.array([metric_named(collected.tasks[task].metric).higher_is_better for _, _, task in shared])
    table = _undefined_last(
        np.array([[value_of[row][setting] for setting in shared] for row in ranked], dtype=np.float64), is_higher
    )
    mean = mean_ranks(table, is_higher)
    each = stats.rankdata(np.where(is_higher, -table, table), method="average", axis=0)
    return Ranking(
        {row: float(value) for row, value in zip(ranked, mean, strict=True)},
        {row: tuple(float(value) for value in values) for row, values in zip(ranked, each, strict=True)},
        len(shared),
    )


def _is_whole(collected: Collected, row: RowKey, variant: str) -> bool:
    """Return whether the finished cells of a row answer every task."""
    return all(cell.answers(variant, task) for cell in collected.cells(row) for task in collected.tasks)


def _values(
    collected: Collected, row: RowKey, settings: Sequence[tuple[int, int, str]], variant: str
) -> dict[tuple[int, int, str], float | None]:
    """Return the value in each column of which the row has a cell, None where the metric has no value."""
    found = {}
    for fold, seed, task in settings:
        cell = collected.at(row, fold, seed)
        if cell is not None:
            found[fold, seed, task] = cell.value(variant, task, collected.tasks[task].metric)
    return found


def _undefined_last(
    table: Float[np.ndarray, "row column"], is_higher: Bool[np.ndarray, " column"]
) -> Float[np.ndarray, "row column"]:
    """Return the table with a value worse than any other of the column where it holds NaN."""
    worst = np.where(is_higher, np.nanmin(table, axis=0) - 1.0, np.nanmax(table, axis=0) + 1.0)
    return np.where(np.isnan(table), worst, table)
