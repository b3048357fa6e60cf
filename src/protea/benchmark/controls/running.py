"""Runs the controls of a grid into cells of their own: the same columns, the same files, missing ones only."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import Field

from protea import __version__
from protea.benchmark.cell import Cell, CellFiles
from protea.benchmark.controls.answers import total_loss
from protea.benchmark.controls.catalogue import CONTROLS
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData
from protea.benchmark.grid import GridConfig
from protea.benchmark.machine import commit_of_code, machine_name
from protea.benchmark.predictions import save_predictions
from protea.benchmark.processes import Job
from protea.benchmark.suites.interface import SuiteData, Task
from protea.cluster.whole_file import write_json
from protea.config import Config, save_config
from protea.training.progress import Report

__all__ = ["ControlRecord", "GridOnDisk", "control_cells", "control_jobs", "run_controls"]


@runtime_checkable
class GridOnDisk(Protocol):
    """What controls need of a `GridRun`."""

    grid: GridConfig
    root: Path
    data: SuiteData
    tasks: dict[str, Task]


class ControlRecord(Config):
    """`run.yaml` of a control: what it was run on, with which code."""

    suite: dict[str, Any] = Field(description="The suite's configuration.")
    control: str = Field(description="Name of the control.")
    fold: int = Field(description="Fold that was judged.")
    seed: int = Field(description="Seed of the control.")
    version: str = Field(description="Version of protea.")
    commit: str = Field(description="Commit of the code, or 'unknown'.")
    data_fingerprint: str = Field(description="Fingerprint of the data.")
    machine: str = Field(description="Machine that it ran on.")


def control_cells(run: GridOnDisk, name: str) -> list[Cell]:
    """Return the cells of a control that have no results: one per (fold, seed) of the grid."""
    columns = dict.fromkeys((cell.fold, cell.seed) for cell in run.grid.cells())
    cells = [Cell(name, "none", "none", fold, seed) for fold, seed in columns]
    return [cell for cell in cells if not _files(run, cell).is_finished()]


def control_jobs(run: GridOnDisk, say: Callable[[str], None]) -> list[Job]:
    """Return one job per control that has missing cells, for `processes.run_jobs`.

    A process of its own keeps the trees' thread pool away from training processes that are forked later.
    """
    return [
        Job(
            f"control {name}",
            partial(_run_control, run, control, say),
            tuple(_files(run, it).folder for it in cells),
            partial(_is_complete, run, name),
        )
        for name, control in CONTROLS.items()
        if control.tasks(run.grid.suite, run.tasks) and (cells := control_cells(run, name))
    ]


def _is_complete(run: GridOnDisk, name: str) -> bool:
    return not control_cells(run, name)


def run_controls(run: GridOnDisk, say: Callable[[str], None]) -> None:
    """Run every missing control of a grid, one after the other."""
    for job in control_jobs(run, say):
        job.do(lambda record: None)


def _run_control(run: GridOnDisk, control: Control, say: Callable[[str], None], report: Report) -> None:
    tasks = control.tasks(run.grid.suite, run.tasks)
    data = ControlData(run.data, tasks)
    for cell in control_cells(run, control.name):
        started = time.perf_counter()
        result = control.run(data, tasks, cell.fold, cell.seed)
        seconds = time.perf_counter() - started
        values = _write(run, cell, tasks, result, seconds)
        first = next(iter(tasks))
        value = values[run.data.main_input][first][tasks[first].metric]
        told = "undefined (a constant answer)" if value is None else f"{value:.4f}"
        say(f"{cell.name}: {tasks[first].metric} {told} ({seconds:.0f} s)")


def _files(run: GridOnDisk, cell: Cell) -> CellFiles:
    return CellFiles(run.root / "cells" / cell.name)


def _write(
    run: GridOnDisk, cell: Cell, tasks: Mapping[str, Task], result: ControlResult, seconds: float
) -> dict[str, dict[str, dict[str, float | None]]]:
    """Write the files of a cell, the metrics last; return the metrics by variant and task."""
    files = _files(run, cell)
    files.folder.mkdir(parents=True, exist_ok=True)
    record = ControlRecord(
        suite=run.grid.suite.model_dump(mode="json"), control=cell.encoder, fold=cell.fold, seed=cell.seed,
        version=__version__, commit=commit_of_code(), data_fingerprint=run.data.fingerprint, machine=machine_name(),
    )  # fmt: skip
    save_config(record, files.record)
    values: dict[str, dict[str, dict[str, float | None]]] = {}
    for variant, by_task in result.predictions.items():
        values[variant] = {}
        for name, found in by_task.items():
            save_predictions(found, files.predictions(name, variant))
            values[variant][name] = {
                metric: found.value_if_defined(metric) for metric in (tasks[name].metric, *tasks[name].also)
            }
    content = {
        "cell": vars(cell),
        "metrics": values,
        # A list, as a trained cell has one value per epoch; the sum over tasks that one training step would have.
        "train_loss": [total_loss(tasks, result.train_loss)],
        "train_loss_of_task": dict(result.train_loss),
        "seconds": seconds,
    }
    write_json(content, files.metrics)
    return values
