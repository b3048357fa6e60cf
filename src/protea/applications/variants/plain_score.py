"""A score taken as it is: nothing is learned, so its rank correlation stands beside those of fitted models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction, dense
from protea.benchmark.learners.row_split import RowSplit
from protea.errors import ConfigError

__all__ = ["FittedPlainScore", "PlainScoreConfig"]


@dataclass(frozen=True, eq=False)
class FittedPlainScore(FittedLearner):
    """A score."""

    def predict(self, columns: Columns) -> Prediction:
        """Return the one column."""
        return Prediction(dense(columns)[:, 0])


class PlainScoreConfig(LearnerConfig):
    """No learning: the one column is the answer, up to a rising straight line."""

    kind: Literal["plain_score"] = "plain_score"

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " variant"], inner: Sequence[RowSplit], seed: int
    ) -> FittedPlainScore:
        """Return the column itself; the values are not looked at.

        Raises:
            ConfigError: not one column.
        """
        del value, inner, seed
        if columns.shape[1] != 1:
            raise ConfigError(f"plain_score takes one score; found {columns.shape[1]} columns. Fit a ridge instead.")
        return FittedPlainScore()
