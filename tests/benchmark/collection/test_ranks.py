"""Ranks over tasks: 1 is the best in the direction of each task's metric, and a row that lacks a task is left out."""

from dataclasses import replace
from pathlib import Path

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.ranks import ranks_over_tasks
from protea.benchmark.report.build import Report
from tests.benchmark.collection.test_findings import mean

Finished = tuple[CollectionConfig, Path]


def test_each_task_ranks_by_its_own_direction(finished: Finished, reports: dict[str, Report]) -> None:
    ranked, tasks = ranks_over_tasks(finished[0], reports)
    assert tasks == ("site", "fold")
    assert len(ranked) == 4
    for place, (task, sign) in enumerate((("site", 1), ("fold", -1))):
        value_of = {}
        for row in ranked:
            scheme, _, auxiliary = row.minor.partition(" + ")
            value_of[row.each[place]] = sign * mean(reports[task], (row.name, scheme, auxiliary or "none"))
        ordered = [value_of[rank] for rank in sorted(value_of)]
        assert ordered == sorted(ordered, reverse=True)
    assert all(row.mean == sum(row.each) / 2 for row in ranked)


def test_a_row_that_lacks_a_task_is_not_ranked(finished: Finished, reports: dict[str, Report]) -> None:
    board = reports["fold"].board
    rows = tuple(replace(row, num_done=0) if row.key[0] == "egnn" else row for row in board.rows)
    changed = reports | {"fold": replace(reports["fold"], board=replace(board, rows=rows))}
    ranked, _ = ranks_over_tasks(finished[0], changed)
    assert {row.name for row in ranked} == {"schnet"}
    assert ranks_over_tasks(finished[0], {}) == ([], ())


def test_a_half_finished_row_is_ranked_on_the_cells_that_all_rows_have(
    finished: Finished, reports: dict[str, Report]
) -> None:
    report = reports["site"]
    collected, column = report.collected, report.columns[0]
    row = ("egnn", "ca_angles", "none")

    def ranks(value_of_others: float) -> dict[str, float]:
        # Of one row the second fold is not done yet; that of the others is easy, or hard.
        kept = {}
        for cell, found in collected.finished.items():
            metrics = {column.variant: {column.task: {column.metric: value_of_others}}}
            if cell.row == row and cell.fold == 1:
                continue
            kept[cell] = found if cell.fold == 0 else replace(found, content={**found.content, "metrics": metrics})
        partly = {"site": replace(report, collected=replace(collected, finished=kept))}
        ranked, tasks = ranks_over_tasks(finished[0], partly)
        assert tasks == ("site",)
        return {f"{one.name} {one.minor}": one.mean for one in ranked}

    easy = ranks(1.0)
    assert len(easy) == 4
    assert easy == ranks(0.0)
    nothing = {cell: found for cell, found in collected.finished.items() if (cell.row == row) == (cell.fold == 1)}
    apart = {"site": replace(report, collected=replace(collected, finished=nothing))}
    assert ranks_over_tasks(finished[0], apart) == ([], ())
