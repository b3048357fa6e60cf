"""Linear models over columns: ridge for numbers, logistic regression for the rest; and the controls beside them.

A fitted model answers with numbers in transformed units, with a probability, with one probability per class or label.
Settings are chosen on the validation part. Axes: example, column, class.
"""

import warnings
from typing import Any

import numpy as np
from jaxtyping import Shaped
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from protea.applications.properties.cheap.linear_answer import LinearAnswer
from protea.applications.properties.labels.property import ValueKind
from protea.benchmark.learners.ridge import fit_ridge

__all__ = ["fit_linear", "nearest_answers", "trivial_answer"]

_PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0)
_STRENGTHS = (1e-4, 1e-3, 1e-2, 1.0)
_MOST_STEPS = 60


def trivial_answer(kind: ValueKind, target: Shaped[np.ndarray, "example ..."], num_classes: int) -> np.ndarray:
    """Return the best answer without looking: the mean of numbers, or the share of each class or label."""
    if kind == "classes":
        return np.bincount(target.astype(np.int64), minlength=num_classes).clip(min=1) / max(len(target), 1)
    return np.asarray(target.astype(np.float64).mean(axis=0))


def fit_linear(
    kind: ValueKind, train: Any, target: Shaped[np.ndarray, "example ..."], validation: Any,
    held: Shaped[np.ndarray, "held ..."], num_classes: int,
) -> LinearAnswer:  # fmt: skip
    """Return the model fitted to the training rows, its penalty chosen on the validation rows."""
    with threadpool_limits(1):
        if kind == "value":
            return _ridge(train, target, validation, held)
        if kind != "multilabel":
            return _logistic(kind, train, target, validation, held, num_classes)
        labels = [
            _logistic("binary", train, target[:, i], validation, held[:, i], num_classes) for i in range(num_classes)
        ]
        weight, bias = np.hstack([one.weight for one in labels]), np.concatenate([one.bias for one in labels])
        return LinearAnswer(kind, weight, bias)


def _ridge(train: Any, target: np.ndarray, validation: Any, held: np.ndarray) -> LinearAnswer:
    models = [fit_ridge(train, target, penalty) for penalty in _PENALTIES]
    errors = [float(np.square(model.predict(validation) - held).mean()) for model in models]
    best = models[int(np.argmin(errors))]
    return LinearAnswer("value", np.asarray(best.coef_)[:, None], np.atleast_1d(best.intercept_))


def _logistic(
    kind: ValueKind, train: Any, target: np.ndarray, validation: Any, held: np.ndarray, num_classes: int
) -> LinearAnswer:
    """Return the model of yes or no, or of classes; a class that training never shows has no probability."""
    classes = np.unique(target)
    if len(classes) == 1:
        return _spread(kind, np.zeros((train.shape[1], 1)), np.zeros(1), classes, num_classes)
    with warnings.catch_warnings():
        # A fit that is cut off is a shrunken one; what the validation part prefers is kept.
        warnings.simplefilter("ignore", ConvergenceWarning)
        models = [
            LogisticRegression(C=strength, max_iter=_MOST_STEPS, tol=1e-3).fit(train, target) for strength in _STRENGTHS
        ]
    answers = [_spread(kind, model.coef_.T, model.intercept_, classes, num_classes) for model in models]

    def loss(answer: LinearAnswer) -> float:
        found = answer(validation)
        shares = found if kind == "classes" else np.stack([1 - found, found], axis=1)
        return float(-np.log(shares[np.arange(len(held)), held.astype(int)].clip(min=1e-12)).mean())

    return min(answers, key=loss)


def _spread(
    kind: ValueKind, weight: np.ndarray, bias: np.ndarray, classes: np.ndarray, num_classes: int
) -> LinearAnswer:
    """Return the answer with a column per class; scikit-learn has one for two classes, and none for unseen ones."""
    if kind == "binary":
        only = np.where(classes[0] == 1, np.inf, -np.inf) if len(classes) == 1 else bias[0]
        return LinearAnswer(kind, weight, np.array([only]))
    if len(classes) == 2:
        weight, bias = np.hstack([np.zeros_like(weight), weight]), np.array([0.0, bias[0]])
    every, own = np.zeros((len(weight), num_classes)), np.full(num_classes, -np.inf)
    every[:, classes.astype(int)], own[classes.astype(int)] = weight, bias
    return LinearAnswer(kind, every, own)


def nearest_answers(
    train: sparse.csr_array, target: Shaped[np.ndarray, "example ..."], asked: sparse.csr_array, fallback: np.ndarray
) -> np.ndarray:
    """Return the mean label of the training rows that share most with each asked row; the fallback where none does.

    Rows are of length 1, so that what is shared is a cosine. Labels are numbers, 0 and 1, or a row per example.
    """
    found = []
    for start in range(0, asked.shape[0], 512):
        shared = (asked[start : start + 512] @ train.T).toarray()
        most = shared.max(axis=1, keepdims=True)
        is_nearest = (shared >= most - 1e-9) & (most > 0)
        number = is_nearest.sum(axis=1)
        mean = (is_nearest @ target.astype(np.float64).reshape(len(target), -1)) / number.clip(min=1)[:, None]
        mean[number == 0] = fallback
        found.append(mean)
    answers = np.concatenate(found)
    return answers if target.ndim > 1 else answers[:, 0]
