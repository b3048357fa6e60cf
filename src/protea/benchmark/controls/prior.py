"""Prior: the training frequency or mean for every item. What is known without looking at the protein.

Its training loss is the bar of validity: a trained cell whose loss did not fall below it has learned nothing.
"""

from collections.abc import Mapping

import numpy as np

from protea.benchmark.controls.answers import constant_answer, loss, total_loss
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.interface import Suite, SuiteData, Task

__all__ = ["PRIOR", "prior_train_loss"]


def _applies_to(suite: Suite, task: Task) -> bool:
    return True


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    split = data.data.folds[fold]
    answers = {name: _answer(data, name, task, split.train) for name, task in tasks.items()}
    predictions: dict[str, dict] = {variant: {} for variant in data.variants}
    for name, (constant, _) in answers.items():

        def answer(ids: tuple[str, ...], variant: str, name: str = name, constant: np.ndarray = constant) -> np.ndarray:
            return _repeated(constant, len(data.items(name, ids, variant).target))

        for variant in data.variants:
            predictions[variant][name] = data.answered(name, tasks[name], fold, variant, answer)
    return ControlResult(predictions, {name: cost for name, (_, cost) in answers.items()})


def _answer(data: ControlData, name: str, task: Task, train: tuple[str, ...]) -> tuple[np.ndarray, float]:
    """Return the constant answer of the training part and what it costs there."""
    items = data.items(name, train)
    target = items.target[items.is_supervised]
    answer = constant_answer(task, target)
    return answer, loss(task, _repeated(answer, len(target)), target)


def _repeated(answer: np.ndarray, count: int) -> np.ndarray:
    return np.broadcast_to(answer, (count, *answer.shape)).copy()


def prior_train_loss(data: SuiteData, tasks: Mapping[str, Task], fold: int) -> float:
    """Return the loss of the prior on the training part of a fold, summed over tasks with their weights."""
    held = ControlData(data, tasks)
    train = data.folds[fold].train
    return total_loss(tasks, {name: _answer(held, name, task, train)[1] for name, task in tasks.items()})


PRIOR = Control("prior", _applies_to, _run)
