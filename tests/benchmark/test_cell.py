"""A cell's place, its folder, and when it counts as finished."""

import json
from pathlib import Path

from protea.benchmark.cell import Cell, CellFiles


def test_a_cell_is_named_by_its_row_and_column() -> None:
    cell = Cell("egnn", "ca_bb", "none", 2, 7)
    assert cell.row == ("egnn", "ca_bb", "none")
    assert cell.name == "egnn-ca_bb-none-fold2-seed7"
    assert len({Cell("egnn", "ca_bb", "none", fold, seed).name for fold in range(3) for seed in range(3)}) == 9


def test_a_cell_is_finished_once_it_has_metrics(tmp_path: Path) -> None:
    files = CellFiles(tmp_path)
    files.record.write_text("", encoding="utf-8")
    (tmp_path / "metrics.partial").write_text("{", encoding="utf-8")
    files.predictions("site", "bound").write_bytes(b"")
    assert not files.is_finished()
    files.metrics.write_text(json.dumps({"seconds": 1.5}), encoding="utf-8")
    assert files.is_finished()
    assert files.read_metrics() == {"seconds": 1.5}


def test_each_task_and_variant_has_its_file(tmp_path: Path) -> None:
    files = CellFiles(tmp_path)
    names = {files.predictions(task, variant).name for task in ("a", "b") for variant in ("x", "y")}
    assert names == {"predictions-a-x.npz", "predictions-a-y.npz", "predictions-b-x.npz", "predictions-b-y.npz"}
