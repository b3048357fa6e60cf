from dataclasses import replace

import pytest

from protea.benchmark.report.collect import Collected
from protea.benchmark.report.ranks import rank_rows
from protea.benchmark.suites.interface import Task
from protea.objectives.regression import RegressionConfig


def rows(*names: str) -> list[tuple[str, str, str]]:
    return [(name, "none", "none") if name in ("exposure", "prior") else (name, "ca_bb", "none") for name in names]


def test_ranks_are_means_over_folds_and_ties_share(report) -> None:
    ranking = rank_rows(report.collected, rows("strong", "same", "exposure", "weak", "prior"))
    strong, same, exposure, weak, prior = (
        ranking.mean[row] for row in rows("strong", "same", "exposure", "weak", "prior")
    )
    assert (strong, same, exposure) == (1.0, 2.5, 2.5)
    assert weak + prior == 9.0
    assert ranking.num_columns == 2
    assert ranking.each["same", "ca_bb", "none"] == (2.5, 2.5)


def test_rows_without_results_are_left_out_and_one_row_is_no_ranking(report) -> None:
    assert ("residue_type", "none", "none") not in rank_rows(
        report.collected, [*rows("strong", "weak"), ("residue_type", "none", "none")]
    ).mean
    assert rank_rows(report.collected, rows("strong")).mean == {}


def test_an_invalid_row_is_not_ranked(row_of) -> None:
    assert row_of["stuck ca_bb"].mean_rank is None
    assert row_of["strong ca_bb"].mean_rank == 1.0


def with_second_task(collected: Collected, metric: str, value_of: dict[str, float | None]) -> Collected:
    """Return the grid with a task `size` more, answered by the rows named with the same value in every cell."""
    finished = {}
    for cell, found in collected.finished.items():
        by_task = dict(found.content["metrics"]["free"])
        if cell.encoder in value_of:
            by_task["size"] = {metric: value_of[cell.encoder]}
        finished[cell] = replace(found, content={**found.content, "metrics": {"free": by_task}})
    tasks = {**collected.tasks, "size": Task(RegressionConfig(label="size", level="protein"), metric)}
    return replace(collected, finished=finished, tasks=tasks)


@pytest.mark.parametrize(("metric", "best", "second"), [("spearman", 0.9, -0.4), ("rmse", 1.0, 7.0)])
def test_an_answer_without_a_value_is_last_and_costs_nobody_the_column(report, metric, best, second) -> None:
    values = {"strong": best, "weak": second, "exposure": None, "prior": None}
    ranking = rank_rows(with_second_task(report.collected, metric, values), rows(*values))
    assert ranking.num_columns == 4
    # Columns: fold 0 site, fold 0 size, fold 1 site, fold 1 size. The undefined share places three and four.
    assert [ranking.each[row][1::2] for row in rows(*values)] == [(1, 1), (2, 2), (3.5, 3.5), (3.5, 3.5)]
    assert ranking.mean[rows("strong")[0]] == 1.0


def test_a_control_of_some_tasks_only_is_not_ranked_and_costs_nobody_the_others(report) -> None:
    values = {"strong": 0.9, "weak": 0.4, "prior": None}
    ranking = rank_rows(with_second_task(report.collected, "spearman", values), rows(*values, "exposure"))
    assert ranking.num_columns == 4
    assert set(ranking.mean) == set(rows(*values))


def test_a_column_without_any_value_does_not_count(report) -> None:
    values = {"strong": None, "weak": None}
    assert rank_rows(with_second_task(report.collected, "spearman", values), rows(*values)).num_columns == 2


def test_a_column_that_a_row_still_lacks_does_not_count(report) -> None:
    finished = {cell: found for cell, found in report.collected.finished.items()
                if (cell.encoder, cell.fold) != ("weak", 0)}  # fmt: skip
    ranking = rank_rows(replace(report.collected, finished=finished), rows("strong", "weak", "prior"))
    assert ranking.num_columns == 1
