import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.report.build import report_on
from protea.benchmark.report.collect import collect, is_control
from protea.benchmark.report.markdown import report_markdown
from protea.benchmark.report.terminal import render_terminal
from protea.encoders.schnet import SchNetConfig
from protea.errors import FileFormatError
from tests.benchmark.report.made_grid import made_cell, made_data, made_grid, write_grid


def test_every_expected_cell_is_finished_or_named(made_root: Path) -> None:
    collected = collect(made_root, made_grid(), made_data())
    expected = {cell.name for cells in collected.expected.values() for cell in cells}
    finished = {cell.name for cell in collected.finished}
    told = {problem.name for problem in collected.problems}
    assert finished | told == expected
    assert not finished & told
    assert "weak-ca_bb-none-fold0-seed1" in told
    # Controls that apply to a binary residue question and were never run are expected too.
    assert {"residue_type-none-none-fold0-seed0", "sequence_window-none-none-fold1-seed0"} <= told
    assert not any(name.startswith("composition") for name in expected)


def test_begun_other_foreign_and_broken_cells_are_told_apart(tmp_path: Path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    made_cell(tmp_path, data, Cell("strong", "ca_bb", "none", 0, 0), fingerprint="f" * 64)
    made_cell(tmp_path, data, Cell("strong", "ca_base", "none", 0, 0))
    begun = tmp_path / "cells" / "strong-ca_bb-none-fold1-seed0"
    begun.mkdir()
    (begun / "last.ckpt").write_bytes(b"")
    broken = tmp_path / "cells" / "prior-none-none-fold0-seed0"
    broken.mkdir()
    (broken / "metrics.json").write_text("{", encoding="utf-8")
    collected = collect(tmp_path, grid, data)
    state_of = {problem.name: problem.state for problem in collected.problems}
    assert state_of["strong-ca_bb-none-fold0-seed0"] == "other data"
    assert state_of["strong-ca_base-none-fold0-seed0"] == "not in this grid"
    assert state_of["strong-ca_bb-none-fold1-seed0"] == "unfinished"
    assert state_of["prior-none-none-fold0-seed0"] == "unreadable"
    assert state_of["exposure-none-none-fold0-seed0"] == "missing"
    assert not collected.finished


def test_a_failed_cell_is_told_with_its_error(tmp_path: Path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    failed = CellFiles(tmp_path / "cells" / "strong-ca_bb-none-fold1-seed0")
    failed.folder.mkdir(parents=True)
    failed.error.write_text("the cell is impossible\n\nTraceback:\n  ...", encoding="utf-8")
    made_cell(tmp_path, data, Cell("strong", "ca_bb", "none", 0, 0))
    report = report_on(tmp_path, grid, data)
    found = next(problem for problem in report.problems if problem.state == "failed")
    assert found.name == failed.folder.name
    assert found.row == ("strong", "ca_bb", "none")
    assert found.reason == f"the cell is impossible; traceback in cells/{failed.folder.name}/error.txt"
    assert "no result yet (1 failed); the figures may change." in report.finding
    assert f"- `{found.name}`: failed ({found.reason})" in report_markdown(report)
    console = Console(file=io.StringIO(), width=200)
    render_terminal(report, console)
    assert f"failed: {found.name}: the cell is impossible" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_search_is_read_with_what_it_lacks(tmp_path: Path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    write_grid(tmp_path, grid, data)
    (tmp_path / "search" / "strong-ca_bb-none-lr0.0003" / "search.json").unlink()
    search = collect(tmp_path, grid, data).searches["strong", "ca_bb", "none"]
    assert search.metric_of == pytest.approx({1e-4: 0.4001, 1e-3: 0.401})
    assert search.missing == (3e-4,)
    assert search.seconds == 16.0


def test_a_cut_log_is_refused(tmp_path: Path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    write_grid(tmp_path, grid, data)
    log = tmp_path / "cells" / "strong-ca_bb-none-fold0-seed0" / "log.csv"
    log.write_text(log.read_text(encoding="utf-8") + "2,0.1\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="number of columns"):
        collect(tmp_path, grid, data)


def test_values_that_a_cell_does_not_have_are_none(made_root: Path) -> None:
    collected = collect(made_root, made_grid(), made_data())
    cell = collected.at(("prior", "none", "none"), 0, 0)
    assert cell is not None
    assert cell.number("parameters") is None
    assert cell.value("free", "site", "mcc") is None
    assert cell.predictions("other", "free") is None
    content = json.loads(cell.files.metrics.read_text(encoding="utf-8"))
    assert cell.value("free", "site", "auprc") == content["metrics"]["free"]["site"]["auprc"]


def test_predictions_that_no_metric_can_judge_are_left_out(tmp_path: Path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    write_grid(tmp_path, grid, data)
    path = tmp_path / "cells" / "prior-none-none-fold0-seed0" / "metrics.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for values in content["metrics"].values():
        values["site"] = dict.fromkeys(values["site"])
    path.write_text(json.dumps(content), encoding="utf-8")
    collected = collect(tmp_path, grid, data)
    constant, other = (collected.at(("prior", "none", "none"), fold, 0) for fold in (0, 1))
    assert constant is not None
    assert constant.predictions("site", "free") is None
    assert constant.value("free", "site", "auprc") is None
    assert other is not None
    assert other.predictions("site", "free") is not None


def test_controls_are_features_only_frozen_or_no_encoder() -> None:
    grid = made_grid()
    assert is_control(("prior", "none", "none"), grid)
    assert is_control(("frozen_strong", "ca_bb", "none"), grid)
    assert not is_control(("strong", "ca_bb", "none"), grid)
    assert isinstance(grid.encoders["strong"], SchNetConfig)
