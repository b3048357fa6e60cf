"""Trials of one search, on all machines that run it on one folder: each is trained once, and none is lost.

A trial that a dead machine had begun goes on from its checkpoint on another. A trial that diverges counts as failed.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from pathlib import Path

from protea.benchmark.best_run import best_run, lowest_loss
from protea.benchmark.cell import Cell
from protea.benchmark.runner import GridRun
from protea.benchmark.search.budget import Budget, Row
from protea.benchmark.search.outcome import Outcome, overrides_of
from protea.benchmark.search.proposals import Proposals
from protea.benchmark.search.space import SearchSpace, grid_with
from protea.cluster.claims import Claims
from protea.cluster.purpose import begin
from protea.errors import ConfigError, ContractError, InputError, describe
from protea.training.checkpoint import BEST, CHECKPOINT
from protea.training.evaluation import is_higher_better
from protea.training.loop import LOG
from protea.training.progress import read_log

__all__ = ["Search"]

_LOOK_SECONDS = 2.0
_TURN_SECONDS = 0.05


class Search:
    """The search of one row in the folder of a comparison.

    Raises:
        ConfigError: if the grid has no such row, or the folder was begun with another budget, other data or, for this
            row, another space.
    """

    def __init__(self, run: GridRun, row: Row, space: SearchSpace, budget: Budget, folder: Path) -> None:
        rows = {(cell.encoder, cell.scheme) for cell in run.grid.cells() if cell.auxiliary == "none"}
        if tuple(row) not in rows:
            raise ConfigError(
                describe("no such row in the grid", where=" ".join(row),
                         expected=", ".join(sorted(" ".join(one) for one in rows)))
            )  # fmt: skip
        self.run, self.row, self.space, self.budget = run, row, space, budget
        self.folder = folder / row.name
        self.metric = next(iter(run.tasks.values())).on_validation
        fixed = run.grid.training.model_dump(mode="json", exclude={"learning_rate", "epochs", "seed", "threads"})
        comparison = {
            "budget": budget.model_dump(), "suite": run.grid.suite.model_dump(mode="json"),
            "data": run.data.fingerprint, "fold": run.grid.folds[0], "seed": run.grid.seeds[0], "training": fixed,
        }  # fmt: skip
        begin(
            folder / "comparison.json", comparison,
            "Every encoder of a comparison gets the same budget: set it back, or choose another --out.",
        )  # fmt: skip
        own = {
            "space": space.model_dump(mode="json"),
            "encoder": run.grid.encoders[row.encoder].model_dump(mode="json"),
        }
        begin(self.folder / "search.json", own, "Set it back, or choose another --out.")
        self.proposals = Proposals(
            self.folder / "journal.log", space, budget, higher_is_better=is_higher_better(self.metric)
        )
        self.claims = Claims(self.folder / "claims")

    def complete(self, say: Callable[[str], None]) -> Outcome:
        """Train the trials that are missing, wait for those of other machines, write what was found and return it.

        Raises:
            InputError: if every trial failed.
        """
        with self.claims.kept():
            while (number := self._next()) is not None:
                try:
                    self._train(number, say)
                finally:
                    self.claims.release(_name(number))
        values = self.proposals.values()
        if not values:
            raise InputError(
                describe("every trial failed", where=str(self.folder), found="see error.txt of each",
                         do="Narrow the space.")
            )  # fmt: skip
        best = self._best(values)
        settings = self.proposals.settings(best)
        outcome = Outcome(
            encoder=self.row.encoder, scheme=self.row.scheme, metric=self.metric, validation_metric=values[best],
            settings=settings, overrides=overrides_of(self.row, settings), budget=self.budget, trials_done=len(values),
            trials_failed=self.budget.trials - len(values),
        )  # fmt: skip
        outcome.save(self.folder)
        return outcome

    def _best(self, values: Mapping[int, float]) -> int:
        """Return the trial with the best value; of those that tie, the one with the lowest validation loss."""
        losses = {number: lowest_loss(read_log(self._folder(number) / LOG)) for number in values}
        reached = {number: (value, losses[number]) for number, value in values.items()}
        return best_run(reached, higher_is_better=is_higher_better(self.metric))

    def _folder(self, number: int) -> Path:
        return self.folder / "trials" / f"{number:04d}"

    def _next(self) -> int | None:
        """Return a trial to be trained here, or None when all have results; wait while others train theirs."""
        while True:
            with self._turn():
                for number in self.proposals.open():
                    if self.claims.take(_name(number)):
                        if number in self.proposals.open():
                            return number  # begun by a machine that died
                        self.claims.release(_name(number))  # it ended between the look and the claim
                if self.proposals.num() < self.budget.trials:
                    number = self.proposals.ask()
                    self.claims.take(_name(number))
                    return number
                if not self.proposals.open():
                    return None
            time.sleep(_LOOK_SECONDS)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the one machine that proposes."""
        while not self.claims.take("propose"):
            time.sleep(_TURN_SECONDS)
        try:
            yield
        finally:
            self.claims.release("propose")

    def _train(self, number: int, say: Callable[[str], None]) -> None:
        """Train a trial and keep its best validation metric."""
        settings = self.proposals.settings(number)
        words = ", ".join(f"{place} {value:.3g}" if isinstance(value, float) else f"{place} {value}"
                          for place, value in settings.items())  # fmt: skip
        folder = self._folder(number)
        folder.mkdir(parents=True, exist_ok=True)
        trial = copy(self.run)
        trial.grid = grid_with(self.run.grid, *self.row, settings)
        cell = Cell(*self.row, "none", fold=trial.grid.folds[0], seed=trial.grid.seeds[0])
        try:
            rate = trial.grid.training.learning_rate
            result = trial.fit_cell(cell, rate, self.budget.epochs, folder, lambda record: None)
        except ContractError as error:  # it diverged
            (folder / "error.txt").write_text(str(error), encoding="utf-8")
            self.proposals.tell(number, None)
            say(f"trial {number + 1} of {self.budget.trials}: FAILED: {error} ({words})")
            return
        value = result.progress.best_metric
        self.proposals.tell(number, value)
        say(f"trial {number + 1} of {self.budget.trials}: validation {self.metric} {value:.4f} ({words})")
        for name in (CHECKPOINT, BEST):
            (folder / name).unlink(missing_ok=True)


def _name(number: int) -> str:
    return f"trial-{number:04d}"
