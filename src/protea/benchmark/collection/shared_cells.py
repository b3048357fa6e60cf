"""Rows of a collection held against each other on the cells that all of them have, which may be few while it runs."""

from collections.abc import Sequence

import numpy as np

from protea.benchmark.report.build import Report
from protea.benchmark.report.collect import RowKey

__all__ = ["means_on_shared_cells"]


def means_on_shared_cells(report: Report, rows: Sequence[RowKey]) -> list[float] | None:
    """Return each row's mean over folds of the mean over seeds, in the main column, of the cells with a value in all.

    None where there is no such cell.
    """
    values = [_values(report, row) for row in rows]
    shared = sorted(set(values[0]).intersection(*values[1:]))
    if not shared:
        return None
    places = [[place for place in shared if place[0] == fold] for fold in sorted({fold for fold, _ in shared})]
    return [float(np.mean([np.mean([found[place] for place in fold]) for fold in places])) for found in values]


def _values(report: Report, row: RowKey) -> dict[tuple[int, int], float]:
    """Return the value of each finished cell of a row that has one, by fold and seed."""
    column = report.columns[0]
    found = {
        (it.cell.fold, it.cell.seed): it.value(column.variant, column.task, column.metric)
        for it in report.collected.cells(row)
    }
    return {place: value for place, value in found.items() if value is not None}
