"""The kinds of answers that tasks ask for, and what a constant answer costs: shared by all controls.

Kinds: `binary` (probability of 1), `classes` (log-probability of each class), `labels` (probability of each of several
labels), `value` (a number in the label's unit). Axes: item, class or label.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped

from protea.benchmark.suites.interface import Task
from protea.errors import ConfigError, describe
from protea.objectives.binary import BinaryConfig
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.interface import ItemLevel
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.multilabel import MultiLabelConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from protea.objectives.regression import RegressionConfig
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.protein.alphabets import UNKNOWN_RESIDUE

__all__ = ["AnswerKind", "answer_kind", "constant_answer", "level_of", "loss", "num_classes", "total_loss"]

AnswerKind = Literal["binary", "classes", "labels", "value"]


def answer_kind(task: Task) -> AnswerKind:
    """Return the kind of answer that a task asks for; raise ConfigError for a task that no control can answer."""
    objective = task.objective
    if isinstance(objective, BinaryConfig | PairInteractionConfig | ResidueContactsConfig):
        return "binary"
    if isinstance(objective, MultiClassConfig | InverseFoldingConfig):
        return "classes"
    if isinstance(objective, MultiLabelConfig | PairInteractionTypesConfig):
        return "labels"
    if isinstance(objective, RegressionConfig | BindingAffinityConfig):
        return "value"
    raise ConfigError(
        describe("no control answers this objective", expected="binary, multiclass, multilabel, regression, "
                 "inverse_folding, or one of pairs of proteins", found=objective.kind)
    )  # fmt: skip


def level_of(task: Task) -> ItemLevel:
    """Return what an item of the task is."""
    objective = task.objective
    if isinstance(
        objective, BinaryConfig | MultiClassConfig | MultiLabelConfig | RegressionConfig | BindingAffinityConfig
    ):
        return objective.level
    if isinstance(objective, PairInteractionConfig | PairInteractionTypesConfig):
        return "pair"
    return "map" if isinstance(objective, ResidueContactsConfig) else "residue"


def num_classes(task: Task) -> int:
    """Return the number of classes of a task of kind `classes`."""
    return task.objective.num_classes if isinstance(task.objective, MultiClassConfig) else UNKNOWN_RESIDUE


def constant_answer(task: Task, target: Shaped[np.ndarray, "item ..."]) -> Float[np.ndarray, "..."]:
    """Return the best constant answer: frequencies (as log-probabilities for classes) or the mean of the targets.

    A class that the targets never show counts as shown once, so that its log-probability is finite.
    """
    if answer_kind(task) == "classes":
        count = np.bincount(target.astype(np.int64), minlength=num_classes(task)).clip(min=1)
        return np.log(count / count.sum())
    return np.asarray(target.astype(np.float64).mean(axis=0))


def loss(task: Task, score: Float[np.ndarray, "item ..."], target: Shaped[np.ndarray, "item ..."]) -> float:
    """Return the mean loss of scores as the task's objective counts it (see `ControlResult`)."""
    kind = answer_kind(task)
    score = score.astype(np.float64)
    if kind == "classes":
        return float(-np.take_along_axis(score, target.astype(np.int64)[:, None], axis=1).mean())
    if kind == "value":
        assert isinstance(task.objective, RegressionConfig | BindingAffinityConfig)
        return float(np.square((score - target) / task.objective.scale).mean())
    # 0 log 0 = 0: an answer that is certain and right costs nothing.
    probability_of_truth = np.where(target > 0, score, 1 - score)
    return float(-np.log(np.maximum(probability_of_truth, np.finfo(np.float64).tiny)).mean())


def total_loss(tasks: Mapping[str, Task], losses: Mapping[str, float]) -> float:
    """Return the weighted sum of task losses, as a training step adds them."""
    return sum(tasks[name].weight * value for name, value in losses.items())
