"""Ranks of rows over the columns of a grid (fold, first seed, task): 1 is the best, invalid rows are not ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
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
    """Return the ranks of the rows that have results, over the columns in which every one of them has.

    A row without any result is left out; where the others share no column, nobody is ranked.
    """
    variant = collected.data.main_input
    settings = [(*column, task) for column in collected.first_columns for task in collected.tasks]
    value_of = {row: _values(collected, row, settings, variant) for row in rows}
    ranked = [row for row in rows if value_of[row]]
    shared = [setting for setting in settings if all(setting in value_of[row] for row in ranked)]
    if len(ranked) < 2 or not shared:
        return Ranking()
    table = np.array([[value_of[row][setting] for setting in shared] for row in ranked])
    is_higher = np.array([metric_named(collected.tasks[task].metric).higher_is_better for _, _, task in shared])
    mean = mean_ranks(table, is_higher)
    each = stats.rankdata(np.where(is_higher, -table, table), method="average", axis=0)
    return Ranking(
        {row: float(value) for row, value in zip(ranked, mean, strict=True)},
        {row: tuple(float(value) for value in values) for row, values in zip(ranked, each, strict=True)},
        len(shared),
    )


def _values(
    collected: Collected, row: RowKey, settings: Sequence[tuple[int, int, str]], variant: str
) -> dict[tuple[int, int, str], float]:
    found = {}
    for fold, seed, task in settings:
        cell = collected.at(row, fold, seed)
        value = None if cell is None else cell.value(variant, task, collected.tasks[task].metric)
        if value is not None:
            found[fold, seed, task] = value
    return found
