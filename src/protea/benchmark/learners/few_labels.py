"""The models that spend no label on settings (`benchmark/calibration/few_labels.py`), as learners."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.benchmark.calibration.few_labels import fit_few_labels
from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction, dense
from protea.benchmark.learners.row_split import RowSplit

__all__ = ["FewLabelsConfig", "FittedFewLabels"]


@dataclass(frozen=True, eq=False)
class FittedFewLabels(FittedLearner):
    """A fitted model of few labels."""

    model: Any = None

    def predict(self, columns: Columns) -> Prediction:
        """Return the value of each row, and the standard deviation of a new measurement."""
        return Prediction(*self.model.predict(dense(columns)))


class FewLabelsConfig(LearnerConfig):
    """Bayesian ridge, or a Gaussian process with a rational quadratic kernel; 3 to 2000 labels."""

    kind: Literal["few_labels"] = "few_labels"
    model: Literal["bayesian_ridge", "gaussian_process"] = Field("bayesian_ridge", description="Which of the two.")

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedFewLabels:
        """Return the model whose scales maximise the marginal likelihood of the given rows."""
        del inner  # the marginal likelihood chooses
        return FittedFewLabels(model=fit_few_labels(dense(columns), value, self.model, seed))
