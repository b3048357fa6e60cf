"""Runs a grid: missing cells only, one process per cell, the same learning-rate search for every row.

A cell's `metrics.json` is written last and whole, so a grid that was stopped anywhere continues where it was. Results
are judged by `report.py`; nothing is averaged here.
"""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from protea import __version__
from protea.benchmark.cell import VALIDATION, Cell, CellFiles, RunRecord
from protea.benchmark.claimed_folder import claim_folder
from protea.benchmark.controls.running import control_jobs
from protea.benchmark.cost import flops_per_residue, parameter_count
from protea.benchmark.grid import GridConfig
from protea.benchmark.machine import commit_of_code, machine_name
from protea.benchmark.predictions import save_predictions, stored
from protea.benchmark.processes import Failure, Job, run_jobs
from protea.benchmark.rate_search import SEARCH, chosen_rate, read_searched, search_file
from protea.benchmark.suites.interface import SuiteData, Task
from protea.cluster.claims import Claims
from protea.cluster.whole_file import write_json
from protea.config import differences, load_config, save_config
from protea.errors import ConfigError, describe
from protea.features.schemes import SchemeConfig
from protea.metrics.catalogue import metric_named
from protea.objectives.catalogue import AnyObjectiveConfig, label_free_objective
from protea.training.config import TrainingConfig
from protea.training.data import evaluation_batches
from protea.training.evaluation import predict_all
from protea.training.loop import BEST, CHECKPOINT, FitResult, TrainingFailed, arithmetic, fit
from protea.training.model import ModelConfig
from protea.training.progress import Report, silent
from protea.training.start import weights_digest
from protea.training.stored_inputs import pinned, require_embeddings, with_embeddings

__all__ = ["GridRun", "cell_folder", "model_config"]

_CELLS = "cells"
# Settings of a training that differ between cells of one grid (rate, seed), or change where and not what is computed.
_FREE = {"learning_rate", "seed", "num_workers", "threads", "accelerator", "checkpoint_steps", "trackers"}


def cell_folder(root: Path, cell: Cell) -> Path:
    """Return the folder of a cell under the folder of its grid."""
    return root / _CELLS / cell.name


def model_config(grid: GridConfig, tasks: dict[str, Task], cell: Cell) -> ModelConfig:
    """Return the model of a cell: the suite's tasks with their weights, and the auxiliary objective with its own."""
    objectives: dict[str, AnyObjectiveConfig] = {name: task.objective for name, task in tasks.items()}
    weights = {name: task.weight for name, task in tasks.items()}
    if cell.auxiliary in objectives:
        raise ConfigError(
            describe(f"the auxiliary {cell.auxiliary!r} has the name of a task", where="auxiliaries",
                     expected=f"another than {sorted(objectives)}")
        )  # fmt: skip
    if cell.auxiliary != "none":
        objectives[cell.auxiliary] = label_free_objective(cell.auxiliary)  # type: ignore[arg-type]
        weights[cell.auxiliary] = grid.auxiliary_weight
    is_frozen = cell.encoder.startswith("frozen_")
    return ModelConfig(
        scheme=_scheme(grid, cell),
        encoder=grid.encoders[cell.encoder.removeprefix("frozen_")],
        objectives=objectives,
        weights=weights,
        freeze_encoder=is_frozen,
    )


def _scheme(grid: GridConfig, cell: Cell) -> SchemeConfig:
    """Return the scheme of a cell, with the embeddings that its encoder reads."""
    scheme = grid.suite.scheme(cell.scheme)  # type: ignore[arg-type]
    embedding = grid.embeddings.get(cell.encoder.removeprefix("frozen_"))
    return scheme if embedding is None else pinned(scheme.model_copy(update={"embedding": embedding}))


class GridRun:
    """A grid on disk: its configuration, its data, its cells."""

    def __init__(self, grid: GridConfig, root: Path, cache: Path) -> None:
        self.grid, self.root = grid, root
        root.mkdir(parents=True, exist_ok=True)
        self._claim(root / "grid.yaml")
        with arithmetic(1):  # a process forked from one that has started threads of the maths library may wait for ever
            self.data: SuiteData = grid.suite.prepare(cache)
        self.tasks = grid.suite.tasks(self.data)
        absent = [fold for fold in grid.folds if not 0 <= fold < len(self.data.folds)]
        if absent:
            raise ConfigError(
                describe(f"no fold {absent}", where="folds", expected=f"0 ... {len(self.data.folds) - 1}")
            )

    def _claim(self, path: Path) -> None:
        """Write the suite's configuration; refuse a folder with runs of another one (not where that only failed)."""
        has_begun = any((self.root / name).exists() for name in (_CELLS, SEARCH))
        own = self.grid.suite.model_dump(mode="json")
        claim_folder(path.with_name("suite.json"), own, "runs of another suite configuration", has_begun=has_begun)
        save_config(self.grid, path)

    def missing(self) -> list[Cell]:
        """Return the cells without results, in order."""
        return [cell for cell in self.grid.cells() if not CellFiles(cell_folder(self.root, cell)).is_finished()]

    def _require_same_settings(self) -> None:
        """Raise ConfigError where a finished run has other settings or data: one table must not mix the two."""
        for cell in self.grid.cells():
            files = CellFiles(cell_folder(self.root, cell))
            if files.is_finished():
                self._require_same(cell, files.record, self.grid.training)
        search_training = self.grid.training.model_copy(update={"epochs": self.grid.search_epochs})
        for row in dict.fromkeys(cell.row for cell in self.grid.cells()):
            for rate in self.grid.rates_of(row):
                path = search_file(self.root, row, rate)
                if path.exists():
                    self._require_same(self._search_cell(row), path.with_name("run.yaml"), search_training)

    def _require_same(self, cell: Cell, path: Path, training: TrainingConfig) -> None:
        record = load_config(RunRecord, path)
        start = self.grid.start_of(cell)
        found = {"model": record.model.model_dump(), "training": record.training.model_dump(exclude=_FREE),
                 "start": record.start_sha256, "data": record.data_fingerprint}  # fmt: skip
        own = {"model": model_config(self.grid, self.tasks, cell).model_dump(),
               "training": training.model_dump(exclude=_FREE),
               "start": None if start is None else weights_digest(start),
               "data": self.data.fingerprint}  # fmt: skip
        if found != own:
            raise ConfigError(
                describe("a finished run has other settings or saw other data", where=str(path.parent),
                         found=", ".join(differences(found, own)),
                         do="Set them back, choose another --out, or delete the folder.")
            )  # fmt: skip

    def run(self, workers: int, say: Callable[[str], None], until: float | None = None) -> list[Failure]:
        """Run controls, searches, then cells, `workers` at a time; start none after the time `until` (monotonic)."""
        self._require_same_settings()
        missing = self.missing()
        rows = list(dict.fromkeys(cell.row for cell in missing))
        searches = [(row, rate) for row in rows for rate in self._unsearched(row)]
        jobs = [
            Job(f"search {'-'.join(row)} lr {rate:g}", partial(self.search, row, rate),
                (search_file(self.root, row, rate).parent,), search_file(self.root, row, rate).exists)
            for row, rate in searches
        ]  # fmt: skip
        claims = Claims(self.root / "claims")
        failed = run_jobs([*control_jobs(self, say), *jobs], workers, say, until, claims)
        files = {cell: CellFiles(cell_folder(self.root, cell)) for cell in missing}
        jobs = [
            Job(cell.name, partial(self.run_cell, cell), (own.folder,), own.is_finished) for cell, own in files.items()
        ]
        return failed + run_jobs(jobs, workers, say, until, claims)

    def _unsearched(self, row: tuple[str, str, str]) -> list[float]:
        rates = self.grid.rates_of(row)
        if len(rates) == 1:
            return []
        return [rate for rate in rates if not search_file(self.root, row, rate).exists()]

    def _search_cell(self, row: tuple[str, str, str]) -> Cell:
        return Cell(*row, fold=self.grid.folds[0], seed=self.grid.seeds[0])

    def search(self, row: tuple[str, str, str], rate: float, report: Report = silent) -> None:
        """Train one search run and write its best validation metric; none where the training failed."""
        cell = self._search_cell(row)
        path = search_file(self.root, row, rate)
        path.parent.mkdir(parents=True, exist_ok=True)
        content: dict[str, Any] = {"learning_rate": rate}
        try:
            progress = self.fit_cell(cell, rate, self.grid.search_epochs, path.parent, report).progress
            content |= {"validation_metric": progress.best_metric, "epochs": len(progress.history)}
        except TrainingFailed as error:  # which also says what the rate is worth; the others may train
            content |= {"validation_metric": None, "failed": str(error)}
        save_config(self._record(cell, rate, self.grid.search_epochs), path.with_name("run.yaml"))
        write_json(content, path)
        for name in (CHECKPOINT, BEST):
            (path.parent / name).unlink(missing_ok=True)

    def learning_rate(self, row: tuple[str, str, str]) -> float:
        """Return the rate that the row's search chose (`rate_search.py`)."""
        rates = self.grid.rates_of(row)
        if len(rates) == 1:
            return rates[0]
        found = {}
        for rate in rates:
            run = read_searched(self.root, row, rate)
            if run is None:
                where = search_file(self.root, row, rate).parent
                raise ConfigError(describe("the learning-rate search is not complete", where=str(where)))
            found[rate] = run
        main = next(iter(self.tasks.values())).on_validation
        return chosen_rate(found, higher_is_better=metric_named(main).higher_is_better)

    def fit_cell(self, cell: Cell, rate: float, epochs: int, folder: Path, report: Report) -> FitResult:
        """Train the model of a cell on the training part, judged on validation; the test part is not read."""
        split = self.data.folds[cell.fold]
        training = self.grid.training.model_copy(update={"learning_rate": rate, "epochs": epochs, "seed": cell.seed})
        metric = next(iter(self.tasks.values())).on_validation
        model = model_config(self.grid, self.tasks, cell)
        self._require_embeddings(model.scheme)
        train, validation = (
            with_embeddings(rows, model.scheme)
            for rows in (self.data.training_rows(cell.fold), self.data.rows(split.validation))
        )
        return fit(
            model, training, train, validation, metric, folder, report, self.grid.start_of(cell),
            fingerprint=self.data.fingerprint,
        )  # fmt: skip

    def _require_embeddings(self, scheme: SchemeConfig) -> None:
        """Raise InputError where a protein of any input variant has no embedding that the scheme asks for."""
        if self.data.proteins is not None:
            require_embeddings(scheme, self.data.proteins.ids, self.data.proteins.lengths.tolist())
            return
        for rows in self.data.inputs.values():
            there = np.flatnonzero(rows.rows >= 0).tolist()
            require_embeddings(scheme, [self.data.ids[index] for index in there], rows.lengths[there].tolist())

    def run_cell(self, cell: Cell, report: Report = silent) -> None:
        """Train one cell, predict its test proteins in every input variant, write everything."""
        folder = cell_folder(self.root, cell)
        folder.mkdir(parents=True, exist_ok=True)
        rate = self.learning_rate(cell.row)
        started = time.perf_counter()
        result = self.fit_cell(cell, rate, self.grid.training.epochs, folder, report)
        save_config(self._record(cell, rate, self.grid.training.epochs), folder / "run.yaml")
        with arithmetic(self.grid.training.threads):
            values = self._predict(cell, result, folder)
        content = {
            "cell": vars(cell),
            "metrics": values,
            "learning_rate": rate,
            "best_epoch": result.progress.best_epoch,
            "validation_metric": result.progress.best_metric,
            "train_loss": [record.train_loss for record in result.progress.history],
            "seconds": time.perf_counter() - started,
            "seconds_per_epoch": _median([record.seconds for record in result.progress.history]),
            "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "parameters": parameter_count(result.model.encoder),
            "flops_per_residue": flops_per_residue(result.model, self._cost_batch(cell, result)),
        }
        write_json(content, CellFiles(folder).metrics)
        (folder / CHECKPOINT).unlink()

    def _cost_batch(self, cell: Cell, result: FitResult) -> Any:
        rows = with_embeddings(self.data.rows(self.data.folds[cell.fold].test[:4]), _scheme(self.grid, cell))
        return rows.load(rows.rows.tolist()).to(result.device).to(next(result.model.parameters()).dtype)

    def _predict(self, cell: Cell, result: FitResult, folder: Path) -> dict[str, dict[str, dict[str, float | None]]]:
        values: dict[str, dict[str, dict[str, float | None]]] = {}
        files = CellFiles(folder)
        cuts = self._predict_validation(cell, result, files)
        for variant in self.data.inputs:
            test = with_embeddings(self.data.rows(self.data.folds[cell.fold].test, variant), _scheme(self.grid, cell))
            batches = evaluation_batches(test, self.grid.training.batch)
            predictions = predict_all(result.model, batches, list(self.tasks), cell.seed, result.device)
            values[variant] = {}
            for name, task in self.tasks.items():
                found = stored(predictions[name], cut=cuts[name])
                save_predictions(found, files.predictions(name, variant))
                values[variant][name] = {metric: found.value_if_defined(metric) for metric in (task.metric, *task.also)}
        return values

    def _predict_validation(self, cell: Cell, result: FitResult, files: CellFiles) -> dict[str, float | None]:
        """Write the predictions of the validation part, on which intervals are calibrated; return thresholds of tasks.

        A task that is judged by decisions has the threshold that is best on validation.
        """
        validation = with_embeddings(self.data.rows(self.data.folds[cell.fold].validation), _scheme(self.grid, cell))
        batches = evaluation_batches(validation, self.grid.training.batch)
        cuts = {}
        for name, found in predict_all(result.model, batches, list(self.tasks), cell.seed, result.device).items():
            kept = stored(found)
            cuts[name] = kept.best_cut() if self.tasks[name].is_decided else None
            save_predictions(replace(kept, cut=cuts[name]), files.predictions(name, VALIDATION))
        return cuts

    def _record(self, cell: Cell, rate: float, epochs: int) -> RunRecord:
        training = self.grid.training.model_copy(update={"learning_rate": rate, "seed": cell.seed, "epochs": epochs})
        start = self.grid.start_of(cell)
        return RunRecord(
            suite=self.grid.suite.model_dump(mode="json"), encoder_name=cell.encoder, scheme_name=cell.scheme,
            auxiliary=cell.auxiliary, fold=cell.fold, seed=cell.seed, model=model_config(self.grid, self.tasks, cell),
            training=training, start=start, start_sha256=None if start is None else weights_digest(start),
            version=__version__, commit=commit_of_code(), data_fingerprint=self.data.fingerprint,
            machine=machine_name(),
        )  # fmt: skip


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
