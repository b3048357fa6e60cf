"""The mean of the known values, whatever is asked: the control that every learner must beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction
from protea.benchmark.learners.row_split import RowSplit

__all__ = ["FittedMean", "MeanConfig"]


@dataclass(frozen=True, eq=False)
class FittedMean(FittedLearner):
    """One number."""

    mean: float = 0.0

    def predict(self, columns: Columns) -> Prediction:
        """Return the number for every row; there is no standard deviation."""
        return Prediction(np.full(columns.shape[0], self.mean))


class MeanConfig(LearnerConfig):
    """The mean of the known values; columns are not looked at."""

    kind: Literal["mean"] = "mean"

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedMean:
        """Return the mean of the given values."""
        del columns, inner, seed
        return FittedMean(mean=float(value.mean()))
