"""Fitted learners as arrays and numbers, and back: nothing that could run code is written."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from protea.benchmark.learners.gaussian_process import FittedGaussianProcess, GaussianProcessConfig
from protea.benchmark.learners.learner import FittedLearner
from protea.benchmark.learners.network import FittedNetwork, NetworkConfig, SparseNetwork
from protea.benchmark.learners.ridge import FittedRidge, RidgeConfig
from protea.errors import InputError, describe

__all__ = ["SavedLearnerConfig", "arrays_of_learner", "learner_of_arrays"]

SavedLearnerConfig = Annotated[RidgeConfig | GaussianProcessConfig | NetworkConfig, Field(discriminator="kind")]
"""The learners that a folder can hold; a plain score has nothing to keep."""


def arrays_of_learner(fitted: FittedLearner) -> dict[str, np.ndarray]:
    """Return what the learner learned, an array by name; with its facts it is whole.

    Raises:
        InputError: a learner of another kind.
    """
    if isinstance(fitted, FittedRidge):
        return {"weight": np.asarray(fitted.model.coef_), "intercept": np.atleast_1d(fitted.model.intercept_)}
    if isinstance(fitted, FittedGaussianProcess):
        model = fitted.model
        # One-hot rows are nearly all 0.
        rows = sparse.csr_array(model.X_train_)
        value = model.y_train_ * model._y_train_std + model._y_train_mean
        return {
            "rows.data": rows.data, "rows.column": rows.indices.astype(np.int64),
            "rows.ptr": rows.indptr.astype(np.int64), "rows.width": np.array([rows.shape[1]]), "value": value,
        }  # fmt: skip
    if isinstance(fitted, FittedNetwork):
        state = {f"network.{name}": tensor.numpy() for name, tensor in fitted.model.state_dict().items()}
        return {**state, "kept": fitted.kept, "centre_and_spread": np.array([fitted.centre, fitted.spread])}
    raise InputError(
        describe("this learner cannot be kept", expected="ridge, gaussian_process or network",
                 found=type(fitted).__name__)
    )  # fmt: skip


def learner_of_arrays(
    config: SavedLearnerConfig, facts: Mapping[str, float | int], arrays: Mapping[str, np.ndarray]
) -> FittedLearner:
    """Return the learner that gave these arrays and facts."""
    if isinstance(config, RidgeConfig):
        model = Ridge()
        model.coef_, model.intercept_ = arrays["weight"], float(arrays["intercept"][0])
        model.n_features_in_ = arrays["weight"].size
        return FittedRidge(dict(facts), model)
    if isinstance(config, GaussianProcessConfig):
        return FittedGaussianProcess(dict(facts), _process(facts, arrays))
    kept = arrays["kept"]
    network = SparseNetwork(kept.size, config.hidden_dim, config.dropout, 1.0)
    names = [name for name in arrays if name.startswith("network.")]
    network.load_state_dict({name.removeprefix("network."): torch.from_numpy(arrays[name]) for name in names})
    centre, spread = arrays["centre_and_spread"].tolist()
    return FittedNetwork(dict(facts), network, kept, centre, spread)


def _process(facts: Mapping[str, float | int], arrays: Mapping[str, np.ndarray]) -> Any:
    """Return the process conditioned again on its variants with the scales that it had found."""
    shape = (arrays["value"].size, int(arrays["rows.width"][0]))
    rows = sparse.csr_array((arrays["rows.data"], arrays["rows.column"], arrays["rows.ptr"]), shape=shape).toarray()
    linear = ConstantKernel(facts["linear"]) * DotProduct(0.0, "fixed")
    smooth = ConstantKernel(facts["smooth"]) * RBF(facts["length"])
    kernel = linear + smooth + WhiteKernel(facts["noise"])
    with threadpool_limits(1):
        return GaussianProcessRegressor(kernel, optimizer=None, normalize_y=True).fit(rows, arrays["value"])
