from dataclasses import replace

import pytest

from protea.benchmark.report.collect import collect
from protea.benchmark.report.columns import columns_of
from protea.benchmark.report.prose import finding
from protea.benchmark.report.rows import build_rows
from protea.benchmark.report.tables import leaderboard_table
from tests.benchmark.report.made_grid import made_data, made_grid


def test_verdicts_in_plain_words(row_of) -> None:
    assert {name: row.verdict for name, row in row_of.items()} == {
        "strong ca_bb": "beats the best control",
        "same ca_bb": "no difference shown",
        "weak ca_bb": "worse than the best control",
        "stuck ca_bb": "not valid",
        "exposure": "the best control",
        "prior": "control",
        "residue_type": "no result yet",
        "sequence_window": "no result yet",
    }


def test_order_is_best_first_then_invalid_then_absent(report) -> None:
    names = [row.name for row in report.rows]
    assert names[0] == "strong ca_bb"
    assert names.index("weak ca_bb") < names.index("stuck ca_bb") < names.index("residue_type")


def test_the_invalid_row_keeps_its_figures_but_does_not_count(row_of) -> None:
    stuck = row_of["stuck ca_bb"]
    assert stuck.main().mean == 1.0
    assert stuck.comparison is None
    assert not stuck.is_ranked


def test_cost_search_and_counts(row_of) -> None:
    weak = row_of["weak ca_bb"]
    assert (weak.num_done, weak.num_expected) == (2, 3)
    assert [problem.name for problem in weak.problems] == ["weak-ca_bb-none-fold0-seed1"]
    assert weak.cost.parameters == 1000
    assert weak.cost.flops_per_residue == 2e6
    assert weak.learning_rates == (1e-3,)
    assert weak.search.metric_of[1e-3] == pytest.approx(0.401)
    assert row_of["exposure"].cost.parameters is None


def test_without_a_control_nobody_is_judged(tmp_path) -> None:
    from protea.benchmark.report.build import report_on
    from tests.benchmark.report.made_grid import made_data, made_grid, write_grid

    grid, data = made_grid(("strong",), seeds=1), made_data()
    controls = tuple(f"{name}-none-none-fold{fold}-seed0" for name in ("prior", "exposure") for fold in (0, 1))
    write_grid(tmp_path, grid, data, leave_out=controls)
    report = report_on(tmp_path, grid, data, 40)
    assert report.rows[0].verdict == "no control to compare with"
    assert report.board.best_control is None
    assert report.finding.startswith("No control has run yet")


def without_value(collected, *names: str):
    """Return a collected grid in which some cells have answers of which the metric has no value."""
    finished = dict(collected.finished)
    for cell in [cell for cell in finished if cell.name in names]:
        metrics = {variant: {"site": {"auprc": None, "auroc": 0.5}} for variant in ("free", "bound")}
        finished[cell] = replace(finished[cell], content={**finished[cell].content, "metrics": metrics})
    return replace(collected, finished=finished)


def test_a_row_that_has_no_value_in_one_fold_is_not_judged_by_the_others(report) -> None:
    collected = without_value(report.collected, "strong-ca_bb-none-fold1-seed0")
    board = build_rows(collected, report.columns, report.others, 300)
    found = {row.name: row for row in board.rows}
    strong = found["strong ca_bb"]
    assert strong.verdict == "no value in some cell"
    assert strong.comparison is None
    assert strong.main().num_undefined == 1
    assert strong.main().interval is None
    assert not strong.is_ranked
    names = [row.name for row in board.rows]
    assert names.index("weak ca_bb") < names.index("strong ca_bb") < names.index("residue_type")
    text = finding(board, report.columns[0], ())
    assert "Not compared: strong ca_bb, whose answer in some cell is one of which the metric has no value." in text
    cells = leaderboard_table(report.columns, board).rows[names.index("strong ca_bb")]
    assert cells[1].minor.endswith("(without a value in 1 more cell)")


def test_a_fold_in_which_nobody_has_a_value_is_held_against_nobody(report) -> None:
    names = [cell.name for cell in report.collected.finished if cell.fold == 1]
    board = build_rows(without_value(report.collected, *names), report.columns, report.others, 300)
    found = {row.name: row for row in board.rows}
    assert found["strong ca_bb"].verdict == "beats the best control"
    assert found["strong ca_bb"].main().num_undefined == 0
    assert found["strong ca_bb"].is_ranked


def test_a_control_with_no_value_in_one_fold_is_not_the_best(report) -> None:
    collected = without_value(report.collected, "exposure-none-none-fold0-seed0")
    assert build_rows(collected, report.columns, report.others, 300).best_control == ("prior", "none", "none")


def test_controls_that_ran_in_fewer_folds_than_the_best_are_named(made_root) -> None:
    grid, data = made_grid(), made_data()
    collected = collect(made_root, grid, data)
    columns, others = columns_of(collected)
    half = {cell: found for cell, found in collected.finished.items()
            if cell.name != "exposure-none-none-fold1-seed0"}  # fmt: skip
    board = build_rows(replace(collected, finished=half), columns, others, 300)
    assert board.best_control == ("prior", "none", "none")
    assert board.waiting_controls == (("exposure", "none", "none"),)
    assert "exposure has run in fewer folds and may turn out better." in finding(board, columns[0], ())
    assert build_rows(collected, columns, others, 300).waiting_controls == ()
