"""A Gaussian process: a linear part for additive effects, a smooth part for the rest, intervals from the posterior."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel
from threadpoolctl import threadpool_limits

from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction, dense
from protea.benchmark.learners.row_split import RowSplit
from protea.errors import ConfigError, describe

__all__ = ["FittedGaussianProcess", "GaussianProcessConfig"]

_BLOCK = 2000
_MOST_BYTES = 8 * 2**30
_LEAST_NOISE, _MOST = 1e-4, 1e4


@dataclass(frozen=True, eq=False)
class FittedGaussianProcess(FittedLearner):
    """A fitted process."""

    model: Any = None

    def predict(self, columns: Columns) -> Prediction:
        """Return the posterior mean, and the standard deviation of a new measurement."""
        found = []
        with threadpool_limits(1):
            for start in range(0, columns.shape[0], _BLOCK):
                block = dense(columns[start : start + _BLOCK])
                found.append(self.model.predict(block, return_std=True))
        return Prediction(np.concatenate([mean for mean, _ in found]), np.concatenate([std for _, std in found]))


class GaussianProcessConfig(LearnerConfig):
    """Exact Gaussian process, scikit-learn's: linear plus squared-exponential kernel, noise.

    Scales and noise maximise the marginal likelihood of (some of) the training rows, so no inner fold is needed.
    The cost grows with the cube of the number of rows, hence the two bounds; what is left out is drawn at random.
    """

    kind: Literal["gaussian_process"] = "gaussian_process"
    most_variants: int = Field(2000, ge=2, description="Training rows that the posterior rests on at most.")
    most_for_scales: int = Field(500, ge=2, description="Training rows that the scales are fitted to at most.")

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedGaussianProcess:
        """Return the process conditioned on the given rows, or on as many as the settings allow.

        Raises:
            ConfigError: so many rows are allowed that its matrices would not fit into 8 GiB.
        """
        del inner  # the marginal likelihood chooses
        _require_room(min(value.size, self.most_variants), columns.shape[1])
        order = np.random.default_rng(seed).permutation(value.size)[: self.most_variants]
        # All columns, also those that no training row has: what was never seen is what is uncertain.
        x, y = dense(columns[order]), value[order]
        some = slice(0, self.most_for_scales)
        with threadpool_limits(1), warnings.catch_warnings():
            # A scale at its bound is a finding (no noise, no smooth part), not a failure: it is among the facts.
            warnings.simplefilter("ignore", ConvergenceWarning)
            scales = GaussianProcessRegressor(_kernel(x), normalize_y=True, random_state=seed).fit(x[some], y[some])
            model = GaussianProcessRegressor(scales.kernel_, optimizer=None, normalize_y=True).fit(x, y)
        kernel = scales.kernel_
        facts = {
            "variants": int(order.size),
            "linear": float(kernel.k1.k1.k1.constant_value),
            "smooth": float(kernel.k1.k2.k1.constant_value),
            "length": float(kernel.k1.k2.k2.length_scale),
            "noise": float(kernel.k2.noise_level),
        }
        return FittedGaussianProcess(facts, model)


def _require_room(num_rows: int, num_columns: int) -> None:
    """Check that the dense columns and four matrices of all pairs of rows fit, before any of them is made."""
    room = 8 * (num_rows * num_columns + 4 * num_rows**2)
    if room > _MOST_BYTES:
        raise ConfigError(
            describe("the Gaussian process is too large", expected=f"{_MOST_BYTES / 2**30:g} GiB or less",
                     found=f"{room / 2**30:.0f} GiB for {num_rows:,} rows of {num_columns:,} columns",
                     do="Lower most_variants, or take a ridge or a network.")
        )  # fmt: skip


def _kernel(x: Float[np.ndarray, "row column"]) -> Any:
    """Return linear + smooth + noise, started at a third each, with lengths that fit the columns."""
    spread = float(np.square(x - x.mean(axis=0)).sum(axis=1).mean()) or 1.0
    linear = ConstantKernel(0.3 / spread, (1e-4 / spread, _MOST / spread)) * DotProduct(0.0, "fixed")
    smooth = ConstantKernel(0.3, (1e-4, _MOST)) * RBF(np.sqrt(spread), (0.05 * np.sqrt(spread), 50 * np.sqrt(spread)))
    return linear + smooth + WhiteKernel(0.3, (_LEAST_NOISE, 10.0))
