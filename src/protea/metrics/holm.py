"""Holm correction of several p-values."""

import numpy as np
from jaxtyping import Float, Shaped

from protea.errors import InputError
from protea.metrics.samples import require_finite

__all__ = ["holm_correction"]


def holm_correction(p_value: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, " test"]:
    """Return the p-values adjusted for their number, in the order given; reject those below the family-wise alpha.

    Holm (Scand. J. Stat. 6, 65, 1979): the k-th smallest of m is multiplied by m - k + 1, made non-decreasing, capped
    at 1. Holds whatever the dependence between the tests. All tests that were made belong in, also those that show
    nothing.

    Args:
        p_value: one p-value per test, in [0, 1].

    Raises:
        InputError: not one axis, empty, NaN or outside [0, 1].
    """
    if p_value.ndim != 1 or p_value.size == 0:
        raise InputError(f"p_value has shape {p_value.shape}; expected one p-value per test, at least one.")
    raw = require_finite(p_value, "p_value")
    if raw.min() < 0.0 or raw.max() > 1.0:
        raise InputError(f"p_value runs from {raw.min():g} to {raw.max():g}; expected values in [0, 1].")
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate(raw[order] * np.arange(raw.size, 0, -1))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
