"""Gradient-boosted trees with fixed settings (scikit-learn's histogram trees), for every kind of answer.

One thread, so that a figure is the same on every machine and a forked training run finds no thread pool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from protea.benchmark.controls.answers import answer_kind, loss, num_classes
from protea.benchmark.controls.interface import ControlResult
from protea.benchmark.controls.items import ControlData, FeatureSet
from protea.benchmark.suites.interface import Task
from protea.errors import ConfigError, describe

__all__ = ["BoostingSettings", "Trees", "fit_trees", "run_trees"]


@dataclass(frozen=True)
class BoostingSettings:
    """Settings of the trees; they are constants of a control, never searched."""

    num_rounds: int
    learning_rate: float
    num_leaves: int
    min_in_leaf: int
    l2: float
    column_share: float
    """Share of the columns that each split may choose from."""
    num_models: int = 1
    """Models of different seeds, whose answers are averaged."""


@dataclass(frozen=True, eq=False)
class Trees:
    """Fitted trees."""

    task: Task
    models: tuple[Any, ...]

    def answer(self, features: Float[np.ndarray, "item feature"]) -> Float[np.ndarray, "item ..."]:
        """Return scores in the form of the task's kind of answer."""
        with threadpool_limits(1):
            found = np.mean([self._one(model, features) for model in self.models], axis=0)
        return np.log(found) if answer_kind(self.task) == "classes" else found

    def _one(self, model: Any, features: np.ndarray) -> np.ndarray:
        if answer_kind(self.task) == "value":
            return model.predict(features)
        share = np.zeros((len(features), 2 if answer_kind(self.task) == "binary" else num_classes(self.task)))
        # Trees that saw one class alone answer with two columns, the first of which is that class.
        share[:, model.classes_.astype(np.int64)] = model.predict_proba(features)[:, : len(model.classes_)]
        if answer_kind(self.task) == "binary":
            return share[:, 1]
        # A class that training never showed gets a share that no answer can do without: the smallest float32.
        share = np.maximum(share, np.finfo(np.float32).tiny)
        return share / share.sum(axis=1, keepdims=True)


def fit_trees(
    task: Task,
    features: Float[np.ndarray, "item feature"],
    target: Shaped[np.ndarray, "item ..."],
    settings: BoostingSettings,
    seed: int,
) -> Trees:
    """Return trees fitted to all given items; raise ConfigError for a kind of answer that they do not give."""
    kind = answer_kind(task)
    if kind == "labels":
        raise ConfigError(describe("trees answer one label at a time", expected="binary, classes or value", found=kind))
    models = []
    for index in range(settings.num_models):
        family = HistGradientBoostingRegressor if kind == "value" else HistGradientBoostingClassifier
        model = family(
            max_iter=settings.num_rounds,
            learning_rate=settings.learning_rate,
            max_leaf_nodes=settings.num_leaves,
            min_samples_leaf=settings.min_in_leaf,
            l2_regularization=settings.l2,
            max_features=settings.column_share,
            early_stopping=False,
            random_state=seed * settings.num_models + index,
        )
        with threadpool_limits(1):
            models.append(model.fit(features, target))
    return Trees(task, tuple(models))


def run_trees(
    data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int, features: FeatureSet, settings: BoostingSettings
) -> ControlResult:
    """Return what trees on these features reach: fitted on the training part, one set of trees per task."""
    split = data.data.folds[fold]
    known = data.features(features, split.train)
    trees, losses = {}, {}
    for name, task in tasks.items():
        items = data.items(name, split.train)
        keep = items.is_supervised
        trees[name] = fit_trees(task, known[keep], items.target[keep], settings, seed)
        losses[name] = loss(task, trees[name].answer(known[keep]), items.target[keep])
    predictions = {}
    for variant in data.variants:
        unknown = data.features(features, split.test, variant)
        predictions[variant] = {
            name: data.items(name, split.test, variant).predictions(found.answer(unknown))
            for name, found in trees.items()
        }
    return ControlResult(predictions, losses)
