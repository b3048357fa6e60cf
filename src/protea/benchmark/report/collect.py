"""What a grid's folder holds: finished cells, what is missing and why, learning-rate searches, training logs.

Nothing is skipped in silence: a cell that is expected and absent, begun and not finished, failed, made from other data,
or not readable becomes a `Problem` with its name.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.grid import GridConfig
from protea.benchmark.predictions import StoredPredictions, load_predictions
from protea.benchmark.rate_search import read_searched
from protea.benchmark.suites.interface import SuiteData, Task
from protea.config import load_tree
from protea.errors import FileFormatError
from protea.training.loop import LOG
from protea.training.progress import read_log

__all__ = ["Collected", "FinishedCell", "Problem", "RowKey", "Search", "State", "collect", "is_control"]

RowKey = tuple[str, str, str]
"""Encoder, scheme, auxiliary; a control that is no encoder has the scheme and the auxiliary `none`."""
State = Literal["missing", "unfinished", "failed", "unreadable", "other data", "not in this grid"]


@dataclass(frozen=True)
class Problem:
    """A cell that has no result in the report, and why."""

    name: str
    row: RowKey | None
    state: State
    reason: str


@dataclass(frozen=True, eq=False)
class FinishedCell:
    """A cell with results: what `metrics.json` says, where it came from, and its training log by column."""

    cell: Cell
    files: CellFiles
    content: Mapping[str, Any]
    provenance: Mapping[str, Any]
    log: Mapping[str, tuple[float, ...]]

    def value(self, variant: str, task: str, metric: str) -> float | None:
        """Return a metric that the cell wrote, or None where it does not have it."""
        found = self.content["metrics"].get(variant, {}).get(task, {}).get(metric)
        return None if found is None else float(found)

    def answers(self, variant: str, task: str) -> bool:
        """Return whether the cell answered a task, be it with a constant of which the metric has no value."""
        return task in self.content["metrics"].get(variant, {})

    def predictions(self, task: str, variant: str) -> StoredPredictions | None:
        """Return the test predictions, or None where the cell has none, or none that the task's metrics can judge.

        A control may not answer the task, or answer with a constant, of which ranks say nothing.
        """
        path = self.files.predictions(task, variant)
        values = self.content["metrics"].get(variant, {}).get(task, {"": 0.0}).values()
        return load_predictions(path) if path.exists() and any(value is not None for value in values) else None

    def number(self, name: str) -> float | None:
        """Return a figure such as `parameters`, or None where the cell does not have it."""
        found = self.content.get(name)
        return float(found) if isinstance(found, int | float) else None


@dataclass(frozen=True)
class Search:
    """The learning-rate search of a row: validation metric by rate, and the seconds that it took."""

    metric_of: Mapping[float, float]
    seconds: float
    missing: tuple[float, ...]
    failed: tuple[float, ...] = ()
    """Rates at which the training diverged or answered with constants."""


@dataclass(frozen=True, eq=False)
class Collected:
    """A grid's folder as the report reads it."""

    grid: GridConfig
    data: SuiteData
    tasks: Mapping[str, Task]
    finished: Mapping[Cell, FinishedCell]
    expected: Mapping[RowKey, tuple[Cell, ...]]
    problems: tuple[Problem, ...]
    searches: Mapping[RowKey, Search] = field(default_factory=dict)

    @property
    def main_task(self) -> str:
        """Name of the task that early stopping watched."""
        return next(iter(self.tasks))

    @property
    def first_columns(self) -> tuple[tuple[int, int], ...]:
        """(fold, first seed) of every fold: the cells that are compared, and have intervals."""
        return tuple((fold, self.grid.seeds[0]) for fold in self.grid.folds)

    def cells(self, row: RowKey) -> list[FinishedCell]:
        """Return the finished cells of a row in the grid's order."""
        return [self.finished[cell] for cell in self.expected[row] if cell in self.finished]

    def at(self, row: RowKey, fold: int, seed: int) -> FinishedCell | None:
        """Return the finished cell of a row in one column, or None."""
        return self.finished.get(Cell(*row, fold=fold, seed=seed))


def is_control(row: RowKey, grid: GridConfig) -> bool:
    """Return whether a row is a control: no encoder at all, features only (`identity`), or frozen at random weights."""
    encoder, scheme, _ = row
    if scheme == "none" or encoder.startswith("frozen_"):
        return True
    return encoder in grid.encoders and grid.encoders[encoder].kind == "identity"


def collect(root: Path, grid: GridConfig, data: SuiteData) -> Collected:
    """Return everything that the folder of a grid holds."""
    finished: dict[Cell, FinishedCell] = {}
    problems: list[Problem] = []
    in_grid = list(grid.cells())
    for folder in sorted(path for path in (root / "cells").glob("*") if path.is_dir()):
        found = _read_cell(folder, data.fingerprint)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is None:
            continue
        elif found.cell.scheme != "none" and found.cell not in in_grid:
            problems.append(Problem(folder.name, None, "not in this grid", "grid.yaml does not ask for it"))
        else:
            finished[found.cell] = found
    tasks = grid.suite.tasks(data)
    expected = _expected(grid, tasks, in_grid, finished)
    told = {problem.name for problem in problems}
    for row, cells in expected.items():
        absent = (cell for cell in cells if cell not in finished and cell.name not in told)
        problems.extend(_absent(root / "cells" / cell.name, row) for cell in absent)
    searches = {row: _search(root, grid, row) for row in expected if row[1] != "none"}
    return Collected(
        grid, data, tasks, finished, expected, tuple(problems),
        {row: search for row, search in searches.items() if search is not None},
    )  # fmt: skip


def _read_cell(folder: Path, fingerprint: str) -> FinishedCell | Problem | None:
    files = CellFiles(folder)
    if not files.is_finished():
        return None
    try:
        content = files.read_metrics()
        cell = Cell(**content["cell"])
        provenance = load_tree(files.record) if files.record.exists() else {}
    except (json.JSONDecodeError, KeyError, TypeError, FileFormatError) as error:
        return Problem(folder.name, None, "unreadable", f"{type(error).__name__}: {error}")
    used = provenance.get("data_fingerprint", fingerprint)
    if used != fingerprint:
        return Problem(folder.name, cell.row, "other data", f"trained on data {used[:12]}, here {fingerprint[:12]}")
    log = folder / LOG  # a control has none
    return FinishedCell(cell, files, content, provenance, read_log(log) if log.exists() else {})


def _expected(
    grid: GridConfig, tasks: Mapping[str, Task], in_grid: Sequence[Cell], finished: Mapping[Cell, FinishedCell]
) -> dict[RowKey, tuple[Cell, ...]]:
    """Return the cells that each row should have: those of the grid, and every control in every column."""
    expected: dict[RowKey, list[Cell]] = {}
    for cell in in_grid:
        expected.setdefault(cell.row, []).append(cell)
    columns = list(dict.fromkeys((cell.fold, cell.seed) for cell in in_grid))
    names = [name for name, control in CONTROLS.items() if control.tasks(grid.suite, tasks)]
    names += sorted({cell.encoder for cell in finished if cell.scheme == "none"} - set(names))
    for name in names:
        row: RowKey = (name, "none", "none")
        further = sorted((cell for cell in finished if cell.row == row), key=lambda cell: (cell.seed, cell.fold))
        cells = [Cell(*row, fold=fold, seed=seed) for fold, seed in columns]
        expected[row] = list(dict.fromkeys([*cells, *further]))
    return {row: tuple(cells) for row, cells in expected.items()}


def _absent(folder: Path, row: RowKey) -> Problem:
    files = CellFiles(folder)
    if files.error.exists():
        error = files.error.read_text(encoding="utf-8").partition("\n\n")[0]
        return Problem(folder.name, row, "failed", f"{error}; traceback in cells/{folder.name}/error.txt")
    if folder.exists() and any(folder.iterdir()):
        return Problem(folder.name, row, "unfinished", "begun without a result: still running, or stopped")
    return Problem(folder.name, row, "missing", "not begun")


def _search(root: Path, grid: GridConfig, row: RowKey) -> Search | None:
    """Return what the learning-rate search of a row found; None where nothing was searched."""
    if len(grid.rates_of(row)) == 1:
        return None
    runs = {rate: read_searched(root, row, rate) for rate in grid.rates_of(row)}
    found = {rate: run for rate, run in runs.items() if run is not None}
    return Search(
        metric_of={rate: run.metric for rate, run in found.items() if run.metric is not None},
        seconds=sum((run.seconds for run in found.values()), 0.0),
        missing=tuple(rate for rate in runs if rate not in found),
        failed=tuple(rate for rate, run in found.items() if run.metric is None),
    )
