"""Degree: logistic regression on how many partners both proteins of a pair have in training. No sequence, no types.

A hub has many kinds of interaction and many partners, so that numbers of partners alone answer much. Known pairs alone
are counted, and a training pair is not counted for its own proteins: it would tell that it is one.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int, Shaped
from sklearn.linear_model import LogisticRegression

from protea.benchmark.controls.answers import answer_kind, level_of, loss
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.interface import Suite, Task
from protea.datasets.interactions.label_profile import partner_counts

__all__ = ["DEGREE", "DegreeRegression"]


class DegreeRegression:
    """One logistic regression per type; a type that all or none of the training pairs have gets its share."""

    SOLVER_ROUNDS: ClassVar[int] = 1000

    def __init__(
        self, columns: Float[np.ndarray, "pair column"], labels: Shaped[np.ndarray, "pair type"],
        inverse_penalty: float = 1.0,
    ) -> None:  # fmt: skip
        self.prior = labels.mean(axis=0, dtype=np.float64)
        self.learned = {
            column: LogisticRegression(C=inverse_penalty, max_iter=self.SOLVER_ROUNDS).fit(columns, labels[:, column])
            for column in range(labels.shape[1])
            if 0 < self.prior[column] < 1
        }

    def probability(self, columns: Float[np.ndarray, "pair column"]) -> Float[np.ndarray, "pair type"]:
        """Return the probability of each type."""
        found = np.tile(self.prior, (len(columns), 1))
        for column, model in self.learned.items():
            found[:, column] = model.predict_proba(columns)[:, 1]
        return found


def _applies_to(suite: Suite, task: Task) -> bool:
    return level_of(task) == "pair" and answer_kind(task) in ("binary", "labels")


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    split = data.data.folds[fold]
    pairs = data.data.members_of(split.train)
    predictions: dict[str, dict] = {variant: {} for variant in data.variants}
    losses = {}
    for name, task in tasks.items():
        train = data.items(name, split.train)
        label = train.target.reshape(len(train.target), -1)
        is_known_pair = np.asarray(label.any(axis=1))
        degree = _degree(pairs[is_known_pair], data.data.num_proteins)
        own = np.log1p(np.sort(degree[pairs] - is_known_pair[:, None], axis=1))
        model = DegreeRegression(own, label)
        losses[name] = loss(task, model.probability(own).reshape(train.target.shape), train.target)

        def answer(ids: tuple[str, ...], variant: str, model: DegreeRegression = model,
                   degree: Int[np.ndarray, " protein"] = degree) -> np.ndarray:  # fmt: skip
            return model.probability(partner_counts(data.data.members_of(ids), degree))

        for variant in data.variants:
            predictions[variant][name] = data.answered(name, task, fold, variant, answer)
    return ControlResult(predictions, losses)


def _degree(pairs: Int[np.ndarray, "pair 2"], num_proteins: int) -> Int[np.ndarray, " protein"]:
    return np.bincount(pairs.reshape(-1), minlength=num_proteins)


DEGREE = Control("degree", _applies_to, _run)
