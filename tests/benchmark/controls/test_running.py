import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.controls.running import GridOnDisk, control_cells, control_jobs, run_controls
from protea.benchmark.grid import GridConfig
from protea.benchmark.predictions import load_predictions
from protea.benchmark.processes import run_jobs
from protea.benchmark.suites.interface import SuiteData, Task
from protea.config import load_tree
from protea.encoders.schnet import SchNetConfig
from protea.objectives.regression import RegressionConfig
from tests.benchmark.controls.suites import PROTEIN_CLASS, SiteSuite, globule, protein_labelled, suite_data


@dataclass
class Grid:
    """What `GridRun` offers to controls."""

    grid: GridConfig
    root: Path
    data: SuiteData
    tasks: dict[str, Task]


@pytest.fixture
def run(tmp_path: Path) -> Grid:
    proteins = [protein_labelled(globule(f"p{index}", 12, index), index % 3) for index in range(30)]
    data = suite_data(proteins, 24, 3, {"bound": proteins[:-1]})
    config = GridConfig(
        suite=SiteSuite(), encoders={"schnet": SchNetConfig()}, schemes=["ca_base", "ca_bb"], extra_seeds=[1]
    )
    return Grid(config, tmp_path, data, {"y": PROTEIN_CLASS})


def _content(run: Grid, cell: Cell) -> dict:
    return CellFiles(run.root / "cells" / cell.name).read_metrics()


def test_one_cell_per_column_of_the_grid(run: Grid) -> None:
    assert isinstance(run, GridOnDisk)
    assert control_cells(run, "prior") == [Cell("prior", "none", "none", 0, seed) for seed in (0, 1)]


def test_a_control_leaves_the_files_of_a_trained_cell(run: Grid) -> None:
    said: list[str] = []
    run_controls(run, said.append)
    assert [line.split(":")[0] for line in said] == [
        f"{name}-none-none-fold0-seed{seed}" for name in ("prior", "composition") for seed in (0, 1)
    ]
    folder = run.root / "cells" / "composition-none-none-fold0-seed0"
    assert sorted(path.name for path in folder.iterdir()) == [
        "metrics.json", "predictions-y-bound.npz", "predictions-y-main.npz", "run.yaml",
    ]  # fmt: skip
    content = _content(run, Cell("composition", "none", "none", 0, 0))
    assert Cell(**content["cell"]) == Cell("composition", "none", "none", 0, 0)
    found = load_predictions(folder / "predictions-y-main.npz")
    assert content["metrics"]["main"]["y"]["accuracy"] == found.value("accuracy")
    assert found.ids.tolist() == ["p27", "p28", "p29"]
    assert load_predictions(folder / "predictions-y-bound.npz").ids.tolist() == ["p27", "p28"]
    assert load_tree(folder / "run.yaml")["data_fingerprint"] == "test"


def test_train_loss_is_the_weighted_sum(run: Grid) -> None:
    run.tasks = {"y": Task(PROTEIN_CLASS.objective, "accuracy", weight=0.5)}
    run_controls(run, lambda line: None)
    content = _content(run, Cell("prior", "none", "none", 0, 0))
    assert content["train_loss_of_task"]["y"] == pytest.approx(np.log(3))
    assert content["train_loss"] == pytest.approx([0.5 * np.log(3)])


def test_only_missing_cells_run(run: Grid) -> None:
    run_controls(run, lambda line: None)
    assert control_jobs(run, lambda line: None) == []
    path = CellFiles(run.root / "cells" / "prior-none-none-fold0-seed1").metrics
    before = json.loads(path.read_text())
    path.unlink()
    said: list[str] = []
    run_controls(run, said.append)
    assert len(said) == 1
    assert json.loads(path.read_text())["metrics"] == before["metrics"]


def test_a_metric_that_a_constant_answer_leaves_undefined_is_told_and_no_failure(run: Grid) -> None:
    task = Task(RegressionConfig(label="y", level="protein"), "spearman", also=("rmse",))
    run.tasks = {"y": task}
    said: list[str] = []
    run_controls(run, said.append)
    values = _content(run, Cell("prior", "none", "none", 0, 0))["metrics"]["main"]["y"]
    assert values["spearman"] is None
    assert values["rmse"] > 0
    assert said[0].startswith("prior-none-none-fold0-seed0: spearman undefined")


def test_a_control_that_fails_says_so_in_each_cell_that_it_owes(run: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    run_controls(run, lambda line: None)
    owed, done = (CellFiles(run.root / "cells" / f"prior-none-none-fold0-seed{seed}") for seed in (0, 1))
    owed.metrics.unlink()
    monkeypatch.setattr("protea.benchmark.controls.running.ControlData", None)
    failed = run_jobs(control_jobs(run, lambda line: None), 1, lambda line: None, None)
    assert [failure.name for failure in failed] == ["control prior"]
    assert owed.error.read_text(encoding="utf-8").startswith("TypeError: 'NoneType' object is not callable\n\n")
    assert not done.error.exists()
    monkeypatch.undo()
    assert run_jobs(control_jobs(run, lambda line: None), 1, lambda line: None, None) == []
    assert owed.is_finished()
    assert not owed.error.exists()
