"""Ridge regression: additive effects, shrunk; the penalty chosen on inner folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from scipy import sparse
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction
from protea.benchmark.learners.row_split import RowSplit

__all__ = ["FittedRidge", "RidgeConfig", "fit_ridge"]


@dataclass(frozen=True, eq=False)
class FittedRidge(FittedLearner):
    """A fitted linear model."""

    model: Any = None

    def predict(self, columns: Columns) -> Prediction:
        """Return the linear prediction; there is no standard deviation."""
        return Prediction(self.model.predict(columns))


class RidgeConfig(LearnerConfig):
    """Linear model with a squared penalty, scikit-learn's; the intercept is free."""

    kind: Literal["ridge"] = "ridge"
    penalties: tuple[float, ...] = Field(
        (0.03, 0.3, 1.0, 3.0, 10.0, 30.0, 300.0),
        description="Penalties tried; the one with the least squared error on the inner folds is kept.",
        min_length=1,
    )

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedRidge:
        """Return the model with the best penalty, fitted to all given rows."""
        del seed  # nothing is drawn
        with threadpool_limits(1):
            penalty = self.penalties[0] if len(self.penalties) == 1 else self._best(columns, value, inner)
            return FittedRidge({"penalty": penalty}, fit_ridge(columns, value, penalty))

    def _best(self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit]) -> float:
        error = np.zeros(len(self.penalties))
        for split in inner:
            known, asked = columns[split.train], columns[split.test]
            for place, penalty in enumerate(self.penalties):
                predicted = fit_ridge(known, value[split.train], penalty).predict(asked)
                error[place] += np.square(predicted - value[split.test]).sum()
        return self.penalties[int(np.argmin(error))]


def fit_ridge(columns: Columns, value: Float[np.ndarray, " row"], penalty: float) -> Ridge:
    """Return scikit-learn's model, fitted to all rows."""
    # The iterative solver never forms a dense matrix; its default tolerance shows in the third digit.
    solver = "sparse_cg" if sparse.issparse(columns) else "cholesky"
    return Ridge(alpha=penalty, solver=solver, tol=1e-6).fit(columns, value)
