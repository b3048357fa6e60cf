"""Probabilities of classes from few labels: shares of the labels, logistic regression, a Gaussian process.

An answer from n labels of C classes counts as n observations to which one of each class is added, (n p + 1) / (n + C):
a class that the labels never showed stays possible, and the log loss is finite. Settings are chosen on folds of the
labels. Axes: row, asked, column, class.
"""

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from protea.benchmark.learners.learner import Columns
from protea.benchmark.learners.row_split import random_folds

__all__ = ["CLASS_LEARNERS", "ClassLearner", "mean_log_loss"]

_STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
_FOLDS = 5
_Labels = Int[np.ndarray, " row"]
_Probabilities = Float[np.ndarray, "asked class"]
ClassLearner = Callable[[Columns, _Labels, int, Columns, int], _Probabilities]
"""(columns, labels, number of classes, asked columns, seed) to probabilities of the asked rows."""


def mean_log_loss(label: _Labels, probability: _Probabilities) -> float:
    """Return the mean of -ln of the probability of the label."""
    return float(-np.log(probability[np.arange(label.size), label]).mean())


def _with_unseen(
    probability: Float[np.ndarray, "asked seen"], seen: Int[np.ndarray, " seen"], num_labels: int, num_classes: int
) -> _Probabilities:
    """Return probabilities over all classes, with one observation of each added; `seen` are those of the columns."""
    every = np.zeros((len(probability), num_classes))
    every[:, seen] = probability
    return (num_labels * every + 1.0) / (num_labels + num_classes)


def _shares(columns: Columns, label: _Labels, num_classes: int, asked: Columns, seed: int) -> _Probabilities:
    share = np.bincount(label, minlength=num_classes) / label.size
    return _with_unseen(np.tile(share, (len(asked), 1)), np.arange(num_classes), label.size, num_classes)


def _logistic(columns: Columns, label: _Labels, num_classes: int, asked: Columns, seed: int) -> _Probabilities:
    folds = random_folds(label.size, min(_FOLDS, label.size), seed)

    def loss(strength: float) -> float:
        return float(np.mean([
            mean_log_loss(label[fold.test], _line(columns[fold.train], label[fold.train], num_classes,
                                                  columns[fold.test], strength))
            for fold in folds
        ]))  # fmt: skip

    return _line(columns, label, num_classes, asked, min(_STRENGTHS, key=loss))


def _line(columns: Columns, label: _Labels, num_classes: int, asked: Columns, strength: float) -> _Probabilities:
    seen = np.unique(label)
    if len(seen) == 1:
        return _shares(columns, label, num_classes, asked, 0)
    with warnings.catch_warnings(), threadpool_limits(1):
        # A fit that is cut off is a shrunken one; the folds say whether it is preferred.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=strength, max_iter=200).fit(columns, label)
    return _with_unseen(model.predict_proba(asked), seen, label.size, num_classes)


def _process(columns: Columns, label: _Labels, num_classes: int, asked: Columns, seed: int) -> _Probabilities:
    seen = np.unique(label)
    if len(seen) == 1:
        return _shares(columns, label, num_classes, asked, seed)
    # Linear and smooth effects, each of variance 1 at first: standardised columns lie about sqrt(2 columns) apart.
    num_columns = columns.shape[1]
    kernel = ConstantKernel(1.0 / num_columns, (1e-5 / num_columns, 1e3 / num_columns)) * DotProduct(0.0, "fixed")
    kernel += ConstantKernel(1.0) * RBF(np.sqrt(2.0 * num_columns), (0.1, 1e4))
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GaussianProcessClassifier(kernel, random_state=seed).fit(columns, label)
    return _with_unseen(model.predict_proba(asked), seen, label.size, num_classes)


CLASS_LEARNERS: Mapping[str, ClassLearner] = MappingProxyType(
    {"trivial": _shares, "logistic": _logistic, "gaussian_process": _process}
)
"""The models by name: the shares of the labels, and two on columns with a prior."""
