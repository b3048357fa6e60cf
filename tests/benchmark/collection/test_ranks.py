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
