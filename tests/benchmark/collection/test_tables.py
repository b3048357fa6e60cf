"""The tables hold the values of the runs, in the right direction, with the best two marked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.cell import CellFiles
from protea.benchmark.collection.config import CollectionConfig, pretraining_folder
from protea.benchmark.collection.run import grid_folder
from protea.benchmark.collection.tables import (
    BEST,
    SECOND,
    baseline_table,
    finetuned_table,
    pretraining_table,
    task_columns,
)
from protea.benchmark.report.build import Report
from protea.benchmark.report.rows import Row
from protea.benchmark.report.tables import Entry

Finished = tuple[CollectionConfig, Path]


def value(root: Path, grid: str, cell: str, task: str, metric: str) -> float:
    found = CellFiles(grid_folder(root, grid) / "cells" / cell).read_metrics()
    return float(found["metrics"]["first"][task][metric])


def test_a_column_per_task_and_auxiliary_with_the_means_of_the_cells(
    finished: Finished, reports: dict[str, Report]
) -> None:
    config, root = finished
    table = baseline_table(config, reports)
    assert [head.text for head in table.heads] == [
        "encoder", "features", "site, AUROC ↑, no auxiliary", "site, AUROC ↑, sequence denoising",
        "fold, perplexity ↓, no auxiliary", "fold, perplexity ↓, sequence denoising",
    ]  # fmt: skip
    assert [(row[0].text, row[1].text) for row in table.rows] == [("schnet", "ca_angles"), ("egnn", "ca_angles")]
    cells = [f"schnet-ca_angles-sequence_denoising-fold{fold}-seed0" for fold in (0, 1)]
    mean = np.mean([value(root, "site", cell, "site", "auroc") for cell in cells])
    assert table.rows[0][3].sort == pytest.approx(mean)


def stars(column: list[Entry]) -> list[str]:
    return [entry.minor[-1:] if entry.minor[-1:] in (BEST, SECOND) else "" for entry in column]


def test_a_half_finished_row_gets_no_star(finished: Finished, reports: dict[str, Report]) -> None:
    report = reports["site"]
    column = report.columns[0]

    def with_fewer_cells(row: Row) -> Row:
        score = row.main()
        if row.key != ("egnn", "ca_angles", "none") or score is None:
            return row
        return replace(row, scores={**row.scores, column: replace(score, mean=2.0, num_cells=score.num_cells - 1)})

    rows = tuple(with_fewer_cells(row) for row in report.rows)
    changed = reports | {"site": replace(report, board=replace(report.board, rows=rows))}
    table = baseline_table(finished[0], changed)
    assert table.rows[1][2].sort == 2.0
    assert stars([row[2] for row in table.rows]) == [BEST, ""]
    assert sorted(stars([row[3] for row in table.rows])) == sorted([BEST, SECOND])


def test_the_best_is_the_highest_or_the_lowest_as_the_metric_says(
    finished: Finished, reports: dict[str, Report]
) -> None:
    table = baseline_table(finished[0], reports)
    for place, sign in ((2, 1), (4, -1)):
        column = [row[place] for row in table.rows]
        best = int(np.argmax([sign * float(entry.sort or 0) for entry in column]))
        assert stars(column)[best] == BEST
        assert sorted(stars(column)) == sorted([BEST, SECOND])
        assert column[best].kind == "best"


def test_an_invalid_row_has_no_value(finished: Finished, reports: dict[str, Report]) -> None:
    report = reports["site"]
    rows = tuple(
        replace(row, num_done=0) if row.key == ("egnn", "ca_angles", "none") else row for row in report.board.rows
    )
    changed = replace(report, board=replace(report.board, rows=rows))
    table = baseline_table(finished[0], reports | {"site": changed})
    assert table.rows[1][2].sort is None
    assert stars([row[2] for row in table.rows]) == [BEST, ""]


def test_pretraining_and_fine_tuning(finished: Finished, reports: dict[str, Report]) -> None:
    config, root = finished
    first = pretraining_table(config, root)
    assert first is not None
    told = CellFiles(pretraining_folder(root, "schnet", "ca_angles", "denoise")).read_metrics()
    assert first.rows[0][2].sort == told["metrics"]["test"]["denoise"]["perplexity"]
    assert first.rows[1][2].sort is None  # not pretrained
    second = finetuned_table(config, reports)
    assert second is not None
    assert [head.text for head in second.heads[2:]] == ["site, AUROC ↑, not pretrained", "site, AUROC ↑, denoise"]
    cells = [f"schnet+denoise-ca_angles-none-fold{fold}-seed0" for fold in (0, 1)]
    mean = np.mean([value(root, "site", cell, "site", "auroc") for cell in cells])
    assert second.rows[0][3].sort == pytest.approx(mean)
    plain = config.model_copy(update={"pretraining": None})
    assert pretraining_table(plain, root) is None
    assert finetuned_table(plain, reports) is None


def test_titles_say_metric_and_direction(reports: dict[str, Report]) -> None:
    assert task_columns({"fold": reports["fold"]}) == {"fold": "fold, perplexity ↓"}
