"""What is tried next: a study of Optuna, kept in a journal on disk that many machines write.

Proposals are a function of the seed, the number of the trial and what is known by then, so a search that was stopped
goes on as it would have; nothing is pruned.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protea.benchmark.search.budget import Budget
from protea.benchmark.search.space import AnyRange, Choice, FloatRange, SearchSpace
from protea.errors import MissingExtraError, describe

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler

__all__ = ["Proposals"]


class Proposals:
    """The trials of one search.

    Raises:
        MissingExtraError: if optuna is not installed.
    """

    def __init__(self, journal: Path, space: SearchSpace, budget: Budget, *, higher_is_better: bool) -> None:
        if find_spec("optuna") is None:
            raise MissingExtraError(describe("optuna is not installed", do="pip install 'protea[search]'"))
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna, self.budget = optuna, budget
        self._distributions = {place: _distribution(found) for place, found in space.parameters.items()}
        journal.parent.mkdir(parents=True, exist_ok=True)
        backend = optuna.storages.journal.JournalFileBackend(str(journal))
        self._study = optuna.create_study(
            storage=optuna.storages.JournalStorage(backend), study_name="search", load_if_exists=True,
            direction="maximize" if higher_is_better else "minimize", pruner=optuna.pruners.NopPruner(),
        )  # fmt: skip

    def num(self) -> int:
        """Return how many trials were proposed."""
        return len(self._study.get_trials(deepcopy=False))

    def open(self) -> list[int]:
        """Return the trials that were proposed and have no result."""
        running = self._optuna.trial.TrialState.RUNNING
        return [trial.number for trial in self._study.get_trials(deepcopy=False) if trial.state == running]

    def ask(self) -> int:
        """Propose a trial and return its number; one machine at a time."""
        self._study.sampler = self._sampler(self.num())
        return int(self._study.ask(self._distributions).number)

    def settings(self, number: int) -> dict[str, Any]:
        """Return the proposed settings of a trial by their place."""
        return dict(self._study.get_trials(deepcopy=False)[number].params)

    def tell(self, number: int, value: float | None) -> None:
        """Keep the result of a trial; None where it failed."""
        state = self._optuna.trial.TrialState.FAIL if value is None else None
        self._study.tell(number, value, state=state)

    def values(self) -> dict[int, float]:
        """Return the results by the number of the trial, of those that did not fail."""
        done = self._optuna.trial.TrialState.COMPLETE
        found = self._study.get_trials(deepcopy=False)
        return {trial.number: float(trial.value) for trial in found if trial.state == done}

    def _sampler(self, number: int) -> "BaseSampler":
        seed = 100_003 * self.budget.seed + number
        if self.budget.sampler == "random":
            return self._optuna.samplers.RandomSampler(seed=seed)
        return self._optuna.samplers.TPESampler(seed=seed, constant_liar=True)


def _distribution(found: AnyRange) -> "BaseDistribution":
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(found, Choice):
        return CategoricalDistribution(found.values)
    if isinstance(found, FloatRange):
        return FloatDistribution(found.low, found.high, log=found.log)
    return IntDistribution(found.low, found.high, step=found.step)
