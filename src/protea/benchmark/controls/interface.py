"""What a control is: a model that needs no encoder, judged on the same items by the same files as a trained cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protea.benchmark.controls.items import ControlData
from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.suites.interface import Suite, Task

__all__ = ["Control", "ControlResult", "RunControl"]


@dataclass(frozen=True, eq=False)
class ControlResult:
    """Test predictions by input variant and task, and the training loss of each task.

    A loss is counted as the task's objective counts it: cross-entropy in nats per item, or the squared error in
    standardised units.
    """

    predictions: Mapping[str, Mapping[str, StoredPredictions]]
    train_loss: Mapping[str, float]


RunControl = Callable[[ControlData, Mapping[str, Task], int, int], ControlResult]
"""(data, tasks that it applies to, fold, seed) -> result. It learns from the training part of the fold only."""


@dataclass(frozen=True)
class Control:
    """One control: the name that the table prints, the tasks that it can answer, and how it is run."""

    name: str
    applies_to: Callable[[Suite, Task], bool]
    run: RunControl

    def tasks(self, suite: Suite, tasks: Mapping[str, Task]) -> dict[str, Task]:
        """Return the tasks of a suite that this control answers."""
        return {name: task for name, task in tasks.items() if self.applies_to(suite, task)}
