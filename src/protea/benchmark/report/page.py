"""A report as one self-contained HTML page: style, script and pictures inside, nothing fetched."""

from collections.abc import Sequence

from protea.benchmark.report.build import Report
from protea.benchmark.report.figures.cost import cost_figure
from protea.benchmark.report.figures.curves import learning_curves
from protea.benchmark.report.figures.intervals import intervals_figure
from protea.benchmark.report.figures.ranks import ranked_rows, ranks_figure
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.page_frame import framed_page, section
from protea.benchmark.report.page_matrix import matrices_html
from protea.benchmark.report.page_notes import notes_html
from protea.benchmark.report.page_table import table_html
from protea.benchmark.report.tables import cost_table, further_table, leaderboard_table, other_tasks_table

__all__ = ["report_page"]


def report_page(report: Report) -> str:
    """Return the whole page."""
    sections = [part for part in _sections(report) if part]
    return framed_page(report.title, _header(report), *sections)


def _header(report: Report) -> Markup:
    key_facts = [fact for fact in report.facts if fact.is_key]
    figures = [tag("div", None, tag("dd", None, fact.value), tag("dt", None, fact.label)) for fact in key_facts]
    return tag(
        "header",
        None,
        tag("p", {"class": "kicker"}, "Protea benchmark"),
        tag("h1", None, report.title),
        tag("p", {"class": "finding"}, report.finding),
        tag("dl", {"class": "figures"}, *figures),
    )


def _figure(picture: Markup | None) -> Markup | None:
    return None if picture is None else tag("figure", None, picture)


def _sections(report: Report) -> Sequence[Markup | None]:
    column, board, collected = report.columns[0], report.board, report.collected
    others = other_tasks_table(report.others, board) if report.others and not report.matrices else None
    return (
        section("Leaderboard", "A row is an encoder with its features; the score is the mean over folds. Differences "
                 "are taken against the best control on the same proteins. Click a heading to sort.",
                 table_html(leaderboard_table(report.columns, board))),
        matrices_html(report.matrices),
        section("Scores and differences", "Solid dots: mean over folds (first seed), with the 95 % interval over "
                 "units resampled within each fold. The vertical line is the best control.",
                 _figure(intervals_figure(collected, column, board)), _legend()),
        section("Inputs and subsets", "Other metrics, other forms of the same proteins, and subsets; a "
                 "subset of which some fold holds too few proteins is pooled over folds, as its heading says.",
                 table_html(further_table(report.columns, board)) if len(report.columns) > 1 else None),
        section("Other tasks", "", None if others is None else table_html(others)),
        section("Ranks", f"Rank among all valid rows that answer every task, in each of {board.num_rank_columns} "
                 "columns of the grid (small dots), and its mean; 1 is the best. An answer of which the metric has no "
                 "value, such as ranks of a constant, comes last.", _figure(ranks_figure(ranked_rows(board)))),
        section("Learning curves", "A line per cell. All panels share their axes.",
                 _captioned(f"Validation {column.metric_title} by epoch",
                            learning_curves(collected, column, board, "validation_metric")),
                 _captioned("Training loss by epoch; dashed: the training prior, below which a row has to fall",
                            learning_curves(collected, column, board, "train_loss"))),
        section("Score against cost", "The dashed line is the best control.", _figure(cost_figure(column, board))),
        section("Cost and training", "", table_html(cost_table(board))),
        section("How it was measured", "", _facts(report)),
        section("Data", "", notes_html(report.notes) if report.notes else None),
        section("Cells without a result", "", _problems(report)),
    )  # fmt: skip


def _captioned(caption: str, picture: Markup | None) -> Markup | None:
    return None if picture is None else tag("figure", None, tag("figcaption", None, caption), picture)


def _legend() -> Markup:
    items = (
        ("better", "beats the best control"),
        ("open", "no difference shown"),
        ("worse", "worse than the best control"),
        ("control", "control"),
        ("invalid", "not valid"),
    )
    return tag("p", {"class": "legend"}, *(
        tag("span", {"class": f"key {kind}"}, tag("i", None), Markup(words)) for kind, words in items
    ))  # fmt: skip


def _facts(report: Report) -> Markup:
    rows = [tag("div", None, tag("dt", None, fact.label), tag("dd", None, fact.value))
            for fact in report.facts if not fact.is_key]  # fmt: skip
    return tag("dl", {"class": "facts"}, *rows)


def _problems(report: Report) -> Markup | None:
    if not report.problems:
        return tag("p", None, "None: every expected cell has a result.")
    items = [
        tag("li", None, tag("code", None, problem.name), f" {problem.state}: {problem.reason}")
        for problem in report.problems
    ]
    summary = tag("summary", None, f"{len(report.problems)} cells")
    is_short = len(items) <= 12
    return tag("details", {"open": "" if is_short else None}, summary, tag("ul", {"class": "cells"}, joined(items)))
