"""What few labels of a class are worth: as `few_shot.py`, for properties that are a class, or yes or no.

Judged by the metrics of the property and by the mean log loss, beside the shares of the same labels. With each answer
goes the set of classes that cannot be excluded, from cross-validation (CV+), so that no label is held back.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field

from protea.applications.properties.cheap.columns import Columns
from protea.applications.properties.few_labels.drawn_labels import (
    CurveRow,
    FewShotConfig,
    LabelPool,
    learning_curve,
)
from protea.applications.properties.labels.examples import Examples
from protea.applications.properties.labels.judging import judged
from protea.applications.properties.labels.partition import Partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.cross_conformal import cross_conformal_sets
from protea.benchmark.learners.class_shares import CLASS_LEARNERS, ClassLearner, mean_log_loss
from protea.benchmark.learners.row_split import random_folds
from protea.datasets.stored_embeddings import Embeddings
from protea.errors import InputError, describe

__all__ = ["FewShotClassesRow", "run_few_shot_classes"]

_FOLDS = 10


class FewShotClassesRow(CurveRow):
    """One model on one test of a class."""

    way: ClassVar[str] = "CV+"

    num_seen: int = Field(description="Classes among the labels.")
    log_loss: float = Field(description="Mean of -ln of the probability of the true class.")
    mean_size: float = Field(description="Mean number of classes in a set.")

    def error(self) -> float:
        """Return the log loss."""
        return self.log_loss

    def size(self) -> float:
        """Return the mean number of classes."""
        return self.mean_size


def run_few_shot_classes(
    item: Property, examples: Examples, parts: Partition, config: FewShotConfig, found: Embeddings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[FewShotClassesRow]:  # fmt: skip
    """Return a row per test, model, number of labels and draw of a class, or of yes or no; see `learning_curve`.

    Raises:
        InputError: no class, or as `learning_curve`.
    """
    if item.kind not in {"classes", "binary"}:
        raise InputError(describe(f"not a class but {item.kind}", where=item.name, expected="kind classes or binary"))
    judge = partial(_judged, item, config)
    return learning_curve(item, examples, parts, config, found, CLASS_LEARNERS, judge, say)


def _judged(
    item: Property, config: FewShotConfig, pool: LabelPool, known: Int[np.ndarray, " label"], model: str, draw: int
) -> list[FewShotClassesRow]:
    """Return the rows of one model on all tests."""
    num_classes = len(item.classes) or 2
    columns, label = pool.columns[known], pool.label[known]
    asked, learner = pool.columns[pool.asked()], CLASS_LEARNERS[model]
    probability = learner(columns, label, num_classes, asked, config.seed)
    sets = _sets(learner, columns, label, num_classes, asked, config)
    rows, start = [], 0
    for test, part in pool.tests.items():
        here = slice(start, start + part.size)
        start += part.size
        truth, answer, own = pool.label[part], probability[here], sets[here]
        rows.append(
            FewShotClassesRow(
                property=item.name, test=test, model=model, num_labels=known.size, num_seen=len(np.unique(label)),
                draw=draw, num_test=part.size,
                metrics=dict(judged(item, truth, answer[:, 1] if item.kind == "binary" else answer)),
                log_loss=mean_log_loss(truth, answer), coverage=float(own[np.arange(part.size), truth].mean()),
                mean_size=float(own.sum(axis=1).mean()),
            )
        )  # fmt: skip
    return rows


def _sets(
    learner: ClassLearner, columns: Columns, label: Int[np.ndarray, " label"], num_classes: int, asked: Columns,
    config: FewShotConfig,
) -> Bool[np.ndarray, "asked class"]:  # fmt: skip
    """Return the classes that cannot be excluded: a class fits badly by one minus its probability."""
    score: Float[np.ndarray, " label"] = np.empty(label.size)
    fold_of, of_fold = np.empty(label.size, np.int64), []
    for place, fold in enumerate(random_folds(label.size, min(_FOLDS, label.size), config.seed + 1)):
        both = np.concatenate([columns[fold.test], asked])
        found = 1.0 - learner(columns[fold.train], label[fold.train], num_classes, both, config.seed + 2 + place)
        score[fold.test] = found[np.arange(fold.test.size), label[fold.test]]
        fold_of[fold.test] = place
        of_fold.append(found[fold.test.size :])
    return cross_conformal_sets(score, fold_of, np.stack(of_fold), config.level)
