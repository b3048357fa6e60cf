import pytest


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
