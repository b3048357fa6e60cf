"""Every trial is trained once, resumed where a machine died; the test part is not read; budgets are equal."""

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protea.benchmark.runner import GridRun
from protea.benchmark.search import trials
from protea.benchmark.search.budget import Budget, Row
from protea.benchmark.search.space import SearchSpace
from protea.benchmark.search.trials import Search
from protea.errors import ConfigError, ContractError, InputError
from protea.protein.batch import ProteinBatch
from protea.training.data import Rows
from protea.training.progress import EpochRecord, write_log
from tests.benchmark.small_suite import small_grid

pytest.importorskip("optuna", reason="needs the extra `search`")

ROW = Row("schnet", "ca_angles")
SPACE = SearchSpace.model_validate(
    {"parameters": {"training.learning_rate": {"kind": "float", "low": 1e-4, "high": 1e-1, "log": True}}}
)
BUDGET = Budget(trials=3, epochs=1, sampler="random")


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_LOOK_SECONDS", 0.05)


def run_in(folder: Path) -> GridRun:
    return GridRun(small_grid(), folder, folder / "cache")


def searched(folder: Path, budget: Budget = BUDGET, space: SearchSpace = SPACE) -> Search:
    return Search(run_in(folder), ROW, space, budget, folder)


def test_the_best_of_the_trials_is_found_and_the_test_part_is_not_read(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    test = {run.data.ids.index(name) for name in run.data.folds[0].test}
    read: set[int] = set()
    for name, rows in run.data.inputs.items():

        def load(chosen: Sequence[int], own: Rows = rows) -> ProteinBatch:
            read.update(chosen)
            return own.load(chosen)

        run.data.inputs[name] = Rows(rows.rows, rows.lengths, load)  # type: ignore[index]
    said: list[str] = []
    outcome = Search(run, ROW, SPACE, BUDGET, tmp_path).complete(said.append)
    assert read == set(range(12)) - test
    values = [float(line.split("auroc ")[1].split()[0]) for line in said]
    assert len(values) == 3
    assert round(outcome.validation_metric, 4) == max(values)
    assert (outcome.trials_done, outcome.trials_failed, outcome.budget) == (3, 0, BUDGET)
    assert outcome.overrides == [f"fixed_rates.schnet.ca_angles={outcome.settings['training.learning_rate']}"]
    # Nothing is left to do, for a machine that comes late too.
    said.clear()
    assert searched(tmp_path).complete(said.append) == outcome
    assert said == []


def test_another_budget_in_one_comparison_is_refused(tmp_path: Path) -> None:
    searched(tmp_path)
    with pytest.raises(ConfigError, match=r"budget\.trials \(3 there, 4 here\).*the same budget"):
        searched(tmp_path, Budget(trials=4, epochs=1, sampler="random"))
    other = SearchSpace.model_validate({"parameters": {"encoder.num_layers": {"kind": "int", "low": 1, "high": 2}}})
    with pytest.raises(ConfigError, match="space"):
        searched(tmp_path, space=other)
    with pytest.raises(ConfigError, match=r"egnn ca_angles: no such row.*schnet ca_angles"):
        Search(run_in(tmp_path), Row("egnn", "ca_angles"), SPACE, BUDGET, tmp_path)


def test_what_diverges_counts_and_if_all_do_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failing = GridRun.fit_cell, {0, 2}

    def fit_cell(self: GridRun, cell: Any, rate: float, epochs: int, folder: Path, report: Any) -> Any:
        if int(folder.name) in failing:
            raise ContractError("training diverged")
        return real(self, cell, rate, epochs, folder, report)

    monkeypatch.setattr(GridRun, "fit_cell", fit_cell)
    outcome = searched(tmp_path / "some").complete(lambda line: None)
    assert (outcome.trials_done, outcome.trials_failed) == (1, 2)
    assert "diverged" in (tmp_path / "some" / ROW.name / "trials" / "0002" / "error.txt").read_text()
    failing.add(1)
    with pytest.raises(InputError, match="every trial failed"):
        searched(tmp_path / "all").complete(lambda line: None)


def test_of_trials_that_tie_the_one_with_the_lowest_loss_is_the_best(tmp_path: Path) -> None:
    search = searched(tmp_path)
    for number, losses in enumerate(((0.9, 0.8), (0.7, 0.9), (0.8, float("nan")), (0.1, 0.1))):
        folder = tmp_path / ROW.name / "trials" / f"{number:04d}"
        folder.mkdir(parents=True)
        write_log([EpochRecord(place, 1.0, loss, 0.1, 1e-3, 1.0) for place, loss in enumerate(losses)],
                  folder / "log.csv")  # fmt: skip
    assert search._best({0: 0.1, 1: 0.1, 2: 0.1, 3: 0.05}) == 1
    assert search._best({0: 0.1, 2: 0.1, 3: 0.2}) == 3


def test_a_trial_of_a_killed_machine_is_trained_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = GridRun.fit_cell

    def hang(self: GridRun, *given: Any) -> Any:
        (tmp_path / "hangs").touch()
        signal.pause()

    def work() -> None:
        GridRun.fit_cell = hang  # type: ignore[method-assign]
        searched(tmp_path).complete(lambda line: None)

    victim = multiprocessing.get_context("fork").Process(target=work)
    victim.start()
    while not (tmp_path / "hangs").exists():
        time.sleep(0.01)
    trained: list[str] = []

    def fit_cell(self: GridRun, cell: Any, rate: float, epochs: int, folder: Path, report: Any) -> Any:
        trained.append(folder.name)
        if len(trained) == 2:  # the first trial is held by the other, so it comes last
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()
        return real(self, cell, rate, epochs, folder, report)

    monkeypatch.setattr(GridRun, "fit_cell", fit_cell)
    outcome = searched(tmp_path).complete(lambda line: None)
    assert trained == ["0001", "0002", "0000"]
    assert outcome.trials_done == 3
    whole = searched(tmp_path / "whole").complete(lambda line: None)
    assert np.isclose(outcome.validation_metric, whole.validation_metric)
