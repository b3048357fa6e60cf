"""Values with intervals from 10 to 100 labels: a Gaussian process or Bayesian ridge on embeddings, scikit-learn's.

Axes: item, feature.
"""

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Shaped
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, RationalQuadratic, WhiteKernel
from sklearn.linear_model import BayesianRidge
from threadpoolctl import threadpool_limits

from protea.datasets.column_scale import column_scale
from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = ["FewLabelModel", "fit_few_labels"]

_MOST_ITEMS = 2000
"""The cost of a Gaussian process grows with the cube of this number."""


@dataclass(frozen=True, eq=False)
class FewLabelModel:
    """A fitted model on standardised features."""

    model: Any
    mean: Float[np.ndarray, " feature"]
    scale: Float[np.ndarray, " feature"]

    def predict(
        self, features: Float[np.ndarray, "..."]
    ) -> tuple[Float[np.ndarray, " item"], Float[np.ndarray, " item"]]:
        """Return value and sigma of a new measurement (noise included), in the label's unit."""
        with threadpool_limits(1):
            value, sigma = self.model.predict((require_finite(features, "features") - self.mean) / self.scale, True)
        return value, sigma


def fit_few_labels(
    features: Float[np.ndarray, "..."],
    target: Shaped[np.ndarray, "..."],
    kind: Literal["gaussian_process", "bayesian_ridge"] = "gaussian_process",
    seed: int = 0,
) -> FewLabelModel:
    """Return the model whose scales maximise the marginal likelihood, so that no label is spent on choosing them.

    `gaussian_process` has a rational quadratic kernel; `bayesian_ridge` is linear. Features are standardised.

    Args:
        features: ``[item, feature]``, such as embeddings.
        target: labels.
        kind: which model.
        seed: of the restarts of the search for scales.

    Raises:
        InputError: shapes that do not fit, NaN or infinity, fewer than 3 or more than 2000 items, or equal labels.
    """
    given, label = require_finite(features, "features"), require_finite(target, "target")
    if given.ndim != 2 or label.shape != given.shape[:1] or not 3 <= label.size <= _MOST_ITEMS:
        raise InputError(
            describe(f"features {given.shape}, target {label.shape}", expected=f"[item, feature], 3 to {_MOST_ITEMS}")
        )
    if np.ptp(label) == 0:
        raise InputError(describe("all labels are equal", expected="labels that differ"))
    mean, scale = given.mean(axis=0), column_scale(given)
    standardised = (given - mean) / scale
    with threadpool_limits(1), warnings.catch_warnings():
        # A scale at its bound is a finding (no noise, no structure), not a failure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if kind == "bayesian_ridge":
            model = BayesianRidge().fit(standardised, label)
        else:
            length = float(np.sqrt(given.shape[1]))
            smooth = RationalQuadratic(length, 1.0, (0.05 * length, 50.0 * length), (1e-2, 1e3))
            kernel = ConstantKernel(0.5, (1e-3, 1e3)) * smooth + WhiteKernel(0.5, (1e-4, 10.0))
            model = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=1, random_state=seed)
            model.fit(standardised, label)
    return FewLabelModel(model, mean, scale)
