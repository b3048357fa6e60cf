from dataclasses import replace

from protea.benchmark.report.matrix import matrices_of
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS


def test_each_cell_is_held_against_its_statement(diagnostics_report) -> None:
    matrix = next(matrix for matrix in diagnostics_report.matrices if matrix.name == "handedness")
    outcome_of = {key: cell.outcome for key, cell in matrix.cells.items()}
    assert outcome_of == {
        ("ca_base", "identity"): "above ceiling",
        ("ca_bb", "identity"): "agrees",
        ("ca_base", "schnet"): "agrees",
        ("ca_bb", "schnet"): "missing",
    }
    assert matrix.chance == 0.5
    assert matrix.unexpected() == ["identity on ca_base"]
    interval = matrix.cells["ca_base", "schnet"].interval
    assert interval is not None
    assert (interval.estimate, interval.low, interval.high) == (0.5, 0.5, 0.5)


def test_every_question_has_a_matrix_and_unanswered_ones_are_missing(diagnostics_report) -> None:
    assert {matrix.name for matrix in diagnostics_report.matrices} == set(DIAGNOSTICS)
    burial = next(matrix for matrix in diagnostics_report.matrices if matrix.name == "burial")
    assert {cell.outcome for cell in burial.cells.values()} == {"missing"}
    assert burial.chance is None


def test_a_constant_answer_is_at_chance_and_so_below_the_floor(diagnostics_report) -> None:
    collected = diagnostics_report.collected
    finished = {
        cell: replace(found, content={**found.content, "metrics": {"generated": {"burial": {"spearman": None}}}})
        for cell, found in collected.finished.items()
    }
    matrices = matrices_of(replace(collected, finished=finished))
    burial = next(matrix for matrix in matrices if matrix.name == "burial")
    assert {key: cell.outcome for key, cell in burial.cells.items()} == {
        ("ca_base", "identity"): "agrees",  # it sees nothing, and answers nothing
        ("ca_bb", "identity"): "agrees",
        ("ca_base", "schnet"): "below floor",
        ("ca_bb", "schnet"): "missing",
    }
    assert burial.cells["ca_base", "schnet"].interval.estimate == 0.0
    assert burial.chance == 0.0


def test_the_finding_counts_them(diagnostics_report) -> None:
    assert "2 of 3 cells came out as stated beforehand; not so in handedness (1)." in diagnostics_report.finding


def test_another_suite_has_none(report) -> None:
    assert report.matrices == ()
