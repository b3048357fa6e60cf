import csv
import io
from dataclasses import replace

import pytest

from protea.benchmark.report.tables import (
    cost_table,
    further_table,
    leaderboard_csv,
    leaderboard_table,
    other_tasks_table,
)


def entries(table, name: str) -> dict[str, str]:
    row = next(row for row in table.rows if row[0].sort == name)
    return {head.text: entry.plain() for head, entry in zip(table.heads, row, strict=True)}


def test_the_leaderboard_prints_the_figures_of_the_rows(report, row_of) -> None:
    table = leaderboard_table(report.columns, report.board)
    strong, row = entries(table, "strong ca_bb"), row_of["strong ca_bb"]
    assert strong["row"] == "strong ca_bb"
    assert strong["AUPRC"] == f"{row.main().mean:.3f} ± {row.main().sd_folds:.3f}"
    interval = row.main().interval
    assert strong["mean over folds, 95 %"] == f"{interval.estimate:.3f} {interval.low:.3f} to {interval.high:.3f}"
    assert strong["verdict"] == "▲ beats the best control"
    assert strong["mean rank"] == "1.00"
    assert strong["cells"] == "3 / 3"
    assert entries(table, "weak ca_bb")["cells"] == "2 / 3"


def test_what_is_missing_is_shown_as_missing(report) -> None:
    table = leaderboard_table(report.columns, report.board)
    absent = entries(table, "residue_type")
    assert absent["AUPRC"] == "\N{EN DASH}"
    assert absent["verdict"] == "no result yet"
    assert table.kinds[-1] == "absent"
    assert table.kinds[[row[0].sort for row in table.rows].index("stuck ca_bb")] == "invalid"


def test_cost_tells_search_and_validity(report) -> None:
    table = cost_table(report.board)
    strong = entries(table, "strong ca_bb")
    assert strong["parameters"] == "1 k"
    assert strong["FLOPs / residue"] == "2 M"
    assert strong["searched"] == "0.0001: 0.400; 0.0003: 0.400; 0.001: 0.401"
    assert strong["learned"] == "yes"
    assert entries(table, "stuck ca_bb")["learned"] == "no: 3 of 3 cells"


def test_further_columns_and_other_tasks(report) -> None:
    table = further_table(report.columns, report.board)
    assert [head.text for head in table.heads] == ["row", "AUPRC", "AUROC", "AUPRC, bound", "AUPRC, first half"]
    row = entries(table, "strong ca_bb")
    assert row["AUPRC, bound"] == row["AUPRC"]
    assert [len(row) for row in other_tasks_table((), report.board).rows] == [1] * len(report.rows)


def test_a_pooled_column_says_so_in_its_head(report) -> None:
    columns = [replace(column, is_pooled=column.subset is not None) for column in report.columns]
    rows = [replace(row, scores=dict(zip(columns, row.scores.values(), strict=True))) for row in report.rows]
    board = replace(report.board, rows=tuple(rows))
    head = further_table(columns, board).heads[-1]
    assert head.text == "AUPRC, first half (pooled)"
    assert "fewer than 10 of these" in head.hint
    assert "site/free/first half/auprc/pooled" in leaderboard_csv(columns, board).splitlines()[0].split(",")
    assert "mean over folds" in further_table(report.columns, report.board).heads[-1].hint


def test_the_csv_has_every_figure_in_full(report, row_of) -> None:
    lines = {
        line["encoder"]: line for line in csv.DictReader(io.StringIO(leaderboard_csv(report.columns, report.board)))
    }
    strong, row = lines["strong"], row_of["strong ca_bb"]
    assert float(strong["site/free/auprc/mean"]) == row.main().mean
    assert float(strong["mean_over_folds/low"]) == row.main().interval.low
    assert float(strong["against_control/difference"]) == row.comparison.difference.difference
    assert float(strong["against_control/p_holm"]) == pytest.approx(6 / 301)
    assert strong["against_control/control"] == "exposure-none-none"
    assert lines["weak"]["cells_without_result"] == "weak-ca_bb-none-fold0-seed1"
    assert lines["residue_type"]["site/free/auprc/mean"] == ""
    assert lines["stuck"]["invalid_cells"].count("stuck-") == 3
