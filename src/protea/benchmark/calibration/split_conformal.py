"""Split conformal intervals: value plus or minus a quantile of the calibration errors, or of errors over sigma.

Axes: item, bound (low, high).
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import conformal_quantile, unit_index
from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = [
    "SplitConformal",
    "conformal_score",
    "fit_split_conformal",
    "require_same_use",
    "symmetric_intervals",
]


def conformal_score(
    target: Shaped[np.ndarray, "..."], value: Shaped[np.ndarray, "..."], sigma: Shaped[np.ndarray, "..."] | None
) -> Float[np.ndarray, " item"]:
    """Return |target - value|, divided by sigma where it is given.

    Raises:
        InputError: shapes differ, NaN or infinity, or a sigma that is not positive.
    """
    _require_alike(target, value, sigma)
    error = np.abs(require_finite(target, "target") - require_finite(value, "value"))
    return error if sigma is None else error / _positive(sigma)


def symmetric_intervals(
    value: Shaped[np.ndarray, "..."],
    sigma: Shaped[np.ndarray, "..."] | None,
    bound: float | Float[np.ndarray, " item"],
) -> Float[np.ndarray, "item 2"]:
    """Return value - bound and value + bound, the bound in units of sigma where it is given.

    Raises:
        InputError: shapes differ, NaN or infinity, or a sigma that is not positive.
    """
    _require_alike(value, sigma)
    half = bound * (np.ones(value.shape) if sigma is None else _positive(sigma))
    middle = require_finite(value, "value")
    return np.stack([middle - half, middle + half], axis=1)


def _require_alike(first: np.ndarray, *others: np.ndarray | None) -> None:
    shapes = [array.shape for array in (first, *others) if array is not None]
    if first.ndim != 1 or len(set(shapes)) > 1:
        raise InputError(describe(f"arrays of shapes {shapes}", expected="one number per item in each"))


def _positive(sigma: np.ndarray) -> np.ndarray:
    found = require_finite(sigma, "sigma")
    if (found <= 0).any():
        raise InputError(describe(f"a sigma of {found.min():g}", expected="positive standard deviations"))
    return found


class SplitConformal(Calibrator):
    """Intervals of one width, or of a width in proportion to sigma, that cover at least their level on average."""

    kind: Literal["split_conformal"] = "split_conformal"
    level: float = Field(gt=0, lt=1, description="Nominal coverage.")
    is_normalised: bool = Field(description="Whether errors were divided by sigma.")
    bound: float = Field(ge=0, description="Half width of an interval, or its ratio to sigma; infinite with too few.")
    num_items: int = Field(ge=1, description="Calibration items.")
    num_units: int = Field(ge=1, description="Calibration units: proteins where items are residues.")

    def intervals(
        self, value: Shaped[np.ndarray, "..."], sigma: Shaped[np.ndarray, "..."] | None = None
    ) -> Float[np.ndarray, "item 2"]:
        """Return low and high of each item, in the unit of the value.

        Raises:
            InputError: sigma is missing where it was used, or given where it was not.
        """
        require_same_use(self.is_normalised, sigma)
        return symmetric_intervals(value, sigma, self.bound)


def require_same_use(is_normalised: bool, sigma: np.ndarray | None) -> None:
    """Raise InputError where sigma is missing though the calibrator was fitted with it, or the other way round."""
    if is_normalised != (sigma is not None):
        raise InputError(
            describe("sigma is " + ("missing" if is_normalised else "given"),
                     expected="errors divided by sigma when fitted and when used, or in neither")
        )  # fmt: skip


def fit_split_conformal(
    target: Shaped[np.ndarray, "..."],
    value: Shaped[np.ndarray, "..."],
    level: float = 0.9,
    *,
    sigma: Shaped[np.ndarray, "..."] | None = None,
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> SplitConformal:
    """Return the calibrator of held-out items (Papadopoulos et al., 2002; Lei et al., 2018), which saw no training.

    Args:
        target: measured values of the calibration items.
        value: their predicted values.
        level: nominal coverage.
        sigma: predicted deviations; intervals are then in proportion to them.
        unit: what is exchangeable, where items are not (proteins of residues).

    Raises:
        InputError: shapes differ, NaN or infinity, a sigma that is not positive, or no item.
    """
    score = conformal_score(target, value, sigma)
    bound = conformal_quantile(score, level, unit)
    num_units = int(unit_index(unit, score.size).max()) + 1
    return SplitConformal(
        level=level, is_normalised=sigma is not None, bound=bound, num_items=score.size, num_units=num_units
    )
