"""The unit in which the values of a column are told apart: its standard deviation, or 1 where it is constant."""

import numpy as np
from jaxtyping import Float

__all__ = ["column_scale"]

_ROUNDINGS = 8
"""Values that differ by no more than so many units in the last place of the largest are equal."""


def column_scale(column: Float[np.ndarray, "item *column"]) -> Float[np.ndarray, "*column"]:
    """Return the standard deviation of each column over its items, and 1 where all of them are equal to rounding.

    The deviation alone does not tell: that of 0.1, 0.1, 0.1 is 1e-17, and a new value would be 1e16 of them away.
    """
    deviation = column.std(axis=0)
    rounding = _ROUNDINGS * np.finfo(column.dtype).eps * np.abs(column).max(axis=0)
    is_spread = (np.ptp(column, axis=0) > rounding) & (deviation > 0)
    return np.where(is_spread, deviation, 1.0).astype(column.dtype)
