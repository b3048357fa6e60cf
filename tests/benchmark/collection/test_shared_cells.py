"""Means of rows on the cells that all of them have, by hand."""

from dataclasses import replace

import pytest

from protea.benchmark.collection.shared_cells import means_on_shared_cells
from protea.benchmark.report.build import Report
from protea.benchmark.report.collect import RowKey

FIRST, SECOND = ("egnn", "ca_angles", "none"), ("schnet", "ca_angles", "none")


def report_of(report: Report, values: dict[tuple[RowKey, int, int], float]) -> Report:
    """The report with these values by row, fold and seed, and no other cells."""
    column = report.columns[0]
    made = {}
    for (row, fold, seed), value in values.items():
        found = next(one for cell, one in report.collected.finished.items() if cell.row == row)
        cell = replace(found.cell, fold=fold, seed=seed)
        metrics = {column.variant: {column.task: {column.metric: value}}}
        made[cell] = replace(found, cell=cell, content={**found.content, "metrics": metrics})
    expected = {row: tuple(cell for cell in made if cell.row == row) for row in {cell.row for cell in made}}
    return replace(report, collected=replace(report.collected, finished=made, expected=expected))


def test_seeds_are_averaged_within_their_fold_and_only_shared_cells_count(reports: dict[str, Report]) -> None:
    values = {
        (FIRST, 0, 0): 0.2, (FIRST, 0, 1): 0.4, (FIRST, 1, 0): 0.9,
        (SECOND, 0, 0): 0.1, (SECOND, 0, 1): 0.1, (SECOND, 1, 0): 0.5, (SECOND, 1, 1): 100.0,
    }  # fmt: skip
    report = report_of(reports["site"], values)
    assert means_on_shared_cells(report, (FIRST, SECOND)) == pytest.approx([0.6, 0.3])
    assert means_on_shared_cells(report, (SECOND,)) == pytest.approx([(0.1 + 50.25) / 2])


def test_rows_without_a_shared_cell_have_no_means(reports: dict[str, Report]) -> None:
    report = report_of(reports["site"], {(FIRST, 0, 0): 0.2, (SECOND, 1, 0): 0.1})
    assert means_on_shared_cells(report, (FIRST, SECOND)) is None
