"""Ranks of the rows of a collection over its tasks; 1 is the best."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.findings import valid_rows
from protea.benchmark.report.build import Report
from protea.benchmark.report.figures.ranks import RankedRow
from protea.benchmark.report.rows import Row

__all__ = ["ranks_over_tasks"]


def ranks_over_tasks(
    config: CollectionConfig, reports: Mapping[str, Report]
) -> tuple[list[RankedRow], tuple[str, ...]]:
    """Return the rows that have a valid result in every task, ranked within each task, and these tasks.

    A row that lacks a task is not ranked: over other tasks its mean rank would mean something else.
    """
    tasks = tuple(name for name in config.tasks if name in reports)
    rows_of = {task: valid_rows(reports[task]) for task in tasks}
    of_all = [set(rows) for rows in rows_of.values()]
    keys = sorted(key for key in (set.intersection(*of_all) if of_all else set()) if key[0] in config.encoders)
    if len(keys) < 2:
        return [], tasks
    each = np.stack([_ranks(reports[task], [rows_of[task][key] for key in keys]) for task in tasks], axis=1)
    ranked = [
        RankedRow(encoder.replace("_", " "), scheme + ("" if auxiliary == "none" else f" + {auxiliary}"), "plain",
                  float(ranks.mean()), tuple(float(rank) for rank in ranks))
        for (encoder, scheme, auxiliary), ranks in zip(keys, each, strict=True)
    ]  # fmt: skip
    return ranked, tasks


def _ranks(report: Report, rows: list[Row]) -> np.ndarray:
    sign = -1.0 if report.columns[0].higher_is_better else 1.0
    means = [score.mean for row in rows if (score := row.main()) is not None]
    return np.asarray(stats.rankdata(sign * np.array(means), method="average"))
