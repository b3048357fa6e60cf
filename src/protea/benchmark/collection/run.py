"""Runs a collection: the pretraining runs that are missing, then every grid; resumable anywhere."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from protea.benchmark.cell import CellFiles
from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.named import SAVED
from protea.benchmark.grid import GridConfig
from protea.benchmark.processes import Failure, Job, run_jobs
from protea.benchmark.runner import GridRun
from protea.benchmark.train_run import PretrainRun, train_run
from protea.cluster.claims import Claims
from protea.config import save_config
from protea.training.progress import Report, silent

__all__ = ["grid_folder", "missing_work", "run_collection"]


def grid_folder(root: Path, name: str) -> Path:
    """Return the folder of a grid in the folder of its collection."""
    return root / "grids" / name


def missing_work(config: CollectionConfig, root: Path) -> dict[str, int]:
    """Return how many pretraining runs and cells of each grid have no result yet; nothing is read but file names."""
    waiting = {"pretraining": sum(not CellFiles(folder).is_finished() for folder in config.pretraining_runs(root))}
    for name, grid in config.grids(root).items():
        cells = grid_folder(root, name) / "cells"
        waiting[name] = sum(not CellFiles(cells / cell.name).is_finished() for cell in grid.cells())
    return waiting


def run_collection(
    config: CollectionConfig, root: Path, cache: Path, workers: int, say: Callable[[str], None],
    until: float | None = None,
) -> list[Failure]:  # fmt: skip
    """Run what is missing, `workers` at a time, start nothing after the time `until` (monotonic); return failures.

    Rows whose pretraining is not finished wait for the next call, and are named.
    """
    root.mkdir(parents=True, exist_ok=True)
    save_config(config, root / SAVED)
    runs = config.pretraining_runs(root)
    jobs = [
        Job(f"pretraining {folder.name}", partial(_pretrain, run, folder, cache), (), CellFiles(folder).is_finished)
        for folder, run in runs.items()
        if not CellFiles(folder).is_finished()
    ]
    failed = run_jobs(jobs, workers, say, until, Claims(root / "claims"))
    for name, grid in config.grids(root).items():
        ready = _without_waiting(grid, name, say)
        if until is None or time.monotonic() < until:
            failed += [
                Failure(f"{name}: {failure.name}", failure.error)
                for failure in GridRun(ready, grid_folder(root, name), cache).run(workers, say, until)
            ]
    return failed


def _without_waiting(grid: GridConfig, name: str, say: Callable[[str], None]) -> GridConfig:
    """Return the grid without the rows whose pretraining is not finished, which are named."""
    starts = {
        row: {scheme: start for scheme, start in given.items() if CellFiles(start.weights).is_finished()}
        for row, given in grid.starts.items()
    }
    absent = [start.weights.name for given in grid.starts.values() for start in given.values()
              if not CellFiles(start.weights).is_finished()]  # fmt: skip
    if absent:
        say(f"{name}: waits for the pretraining of {', '.join(absent)}")
    return grid.model_copy(update={"starts": starts})


def _pretrain(run: PretrainRun, folder: Path, cache: Path, report: Report = silent) -> None:
    train_run(run, folder, cache, report)
