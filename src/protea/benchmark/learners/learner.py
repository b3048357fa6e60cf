"""What every learner is: fitted to columns and values, then asked for more."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from protea.benchmark.learners.row_split import RowSplit
from protea.config import Config

__all__ = ["Columns", "FittedLearner", "LearnerConfig", "Prediction", "dense", "used_columns"]

# [row, column], of any rows; sparse where most numbers are 0.
Columns: TypeAlias = sparse.csr_array | Float[np.ndarray, "_ _"]


@dataclass(frozen=True, eq=False)
class Prediction:
    """The predicted value of each row, and its standard deviation where the model has one."""

    mean: Float[np.ndarray, " row"]
    std: Float[np.ndarray, " row"] | None = None
    """Of a new measurement, noise included."""


@dataclass(frozen=True, eq=False)
class FittedLearner(ABC):
    """A model after fitting."""

    facts: dict[str, float | int] = field(default_factory=dict)
    """What was chosen on the training rows, for the report."""

    @abstractmethod
    def predict(self, columns: Columns) -> Prediction:
        """Return predictions for more rows with the same columns."""


class LearnerConfig(Config, ABC):
    """Base of every supervised model's settings."""

    @abstractmethod
    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedLearner:
        """Return the model fitted to all given rows, its settings chosen on the inner folds of them alone."""


def dense(columns: Columns) -> Float[np.ndarray, "row column"]:
    """Return the columns as a plain array."""
    return columns if isinstance(columns, np.ndarray) else columns.toarray()


def used_columns(columns: Columns) -> Int[np.ndarray, " used"]:
    """Return the columns in which some row has another number than 0: the others carry nothing to learn."""
    return np.flatnonzero((columns != 0).sum(axis=0))
