"""The numbers of a predicted distribution: the names of their columns, and how metrics read them.

Some objectives answer with several numbers per item that describe one distribution; `Objective.columns` names them.
`value` is the best single answer, `sigma` the standard deviation of a new measurement, `aleatoric` and `epistemic` its
two parts, `quantile_0.05` the value below which a new measurement falls with probability 0.05. All are in the label's
unit. Axes: item, column.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Shaped

from protea.errors import InputError, describe

__all__ = [
    "ALEATORIC",
    "EPISTEMIC",
    "SIGMA",
    "VALUE",
    "column_of",
    "gaussian_of",
    "interval_of",
    "quantile_column",
    "value_column",
    "value_of",
]

VALUE, SIGMA, ALEATORIC, EPISTEMIC = "value", "sigma", "aleatoric", "epistemic"

_HALF_OF_90 = 1.6448536269514722
"""The 0.95 quantile of the standard normal distribution."""


def quantile_column(level: float) -> str:
    """Return the name of the column of a quantile."""
    return f"quantile_{level:g}"


def column_of(score: Shaped[np.ndarray, "..."], columns: Sequence[str], name: str) -> Shaped[np.ndarray, " item"]:
    """Return one column by its name; raise InputError where the prediction does not state it."""
    if name not in columns:
        raise InputError(
            describe(f"the prediction states no {name!r}", expected="a column of that name",
                     found=", ".join(columns) or "a single value",
                     do="Train the objective `mean_variance`, `evidential` or `quantile`.")
        )  # fmt: skip
    return score[:, list(columns).index(name)]


def value_column(columns: Sequence[str]) -> str:
    """Return the name of the best single answer: the median where quantiles are stated, else `value`."""
    median = quantile_column(0.5)
    return median if median in columns else VALUE


def value_of(score: Shaped[np.ndarray, "..."], columns: Sequence[str]) -> Shaped[np.ndarray, " item"]:
    """Return the best single answer: `value`, or the median where quantiles are stated."""
    return column_of(score, columns, value_column(columns))


def gaussian_of(score: Shaped[np.ndarray, "..."], columns: Sequence[str]) -> Float[np.ndarray, "item two"]:
    """Return (mean, sigma) along the last axis, as metrics of Gaussians take them."""
    return np.stack([value_of(score, columns), column_of(score, columns, SIGMA)], axis=1)


def interval_of(score: Shaped[np.ndarray, "..."], columns: Sequence[str]) -> Float[np.ndarray, "item two"]:
    """Return the 90 % interval (low, high) along the last axis: of the Gaussian, or between its two quantiles."""
    if SIGMA in columns:
        value, sigma = gaussian_of(score, columns).T
        return np.stack([value - _HALF_OF_90 * sigma, value + _HALF_OF_90 * sigma], axis=1)
    return np.stack([column_of(score, columns, quantile_column(level)) for level in (0.05, 0.95)], axis=1)
