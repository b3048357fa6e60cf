"""Ranks of the rows of a collection over its tasks; 1 is the best."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from scipy import stats

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.findings import valid_rows
from protea.benchmark.collection.shared_cells import means_on_shared_cells
from protea.benchmark.report.build import Report
from protea.benchmark.report.collect import RowKey
from protea.benchmark.report.figures.ranks import RankedRow

__all__ = ["ranks_over_tasks"]


def ranks_over_tasks(
    config: CollectionConfig, reports: Mapping[str, Report]
) -> tuple[list[RankedRow], tuple[str, ...]]:
    """Return the rows that have a valid result in every task, ranked within each task, and these tasks.

    A row that lacks a task is not ranked: over other tasks its mean rank would mean something else. Within a task the
    cells count that all of these rows have; a task without such a cell is left out.
    """
    tasks = tuple(name for name in config.tasks if name in reports)
    rows_of = {task: valid_rows(reports[task]) for task in tasks}
    of_all = [set(rows) for rows in rows_of.values()]
    keys = sorted(key for key in (set.intersection(*of_all) if of_all else set()) if key[0] in config.encoders)
    if len(keys) < 2:
        return [], tasks
    ranks_of = {task: _ranks(reports[task], keys) for task in tasks}
    tasks = tuple(task for task in tasks if ranks_of[task] is not None)
    if not tasks:
        return [], tasks
    each = np.stack([found for found in ranks_of.values() if found is not None], axis=1)
    ranked = [
        RankedRow(encoder.replace("_", " "), scheme + ("" if auxiliary == "none" else f" + {auxiliary}"), "plain",
                  float(ranks.mean()), tuple(float(rank) for rank in ranks))
        for (encoder, scheme, auxiliary), ranks in zip(keys, each, strict=True)
    ]  # fmt: skip
    return ranked, tasks


def _ranks(report: Report, keys: Sequence[RowKey]) -> Float[np.ndarray, " row"] | None:
    """Return the ranks of rows by their means over the cells that all of them have; None where there is none."""
    means = means_on_shared_cells(report, keys)
    if means is None:
        return None
    sign = -1.0 if report.columns[0].higher_is_better else 1.0
    return np.asarray(stats.rankdata(sign * np.array(means), method="average"))
