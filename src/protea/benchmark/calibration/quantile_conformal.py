"""Conformalised quantile regression: predicted quantiles moved outwards, or inwards, until they cover their level.

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

__all__ = ["QuantileConformal", "fit_quantile_conformal", "quantile_score"]


def quantile_score(
    target: Shaped[np.ndarray, "..."], low: Shaped[np.ndarray, "..."], high: Shaped[np.ndarray, "..."]
) -> Float[np.ndarray, " item"]:
    """Return max(low - target, target - high): how far outside the target lies, negative inside.

    Raises:
        InputError: shapes differ, NaN or infinity, or a low above its high.
    """
    if not target.shape == low.shape == high.shape or target.ndim != 1:
        raise InputError(describe(f"shapes {target.shape}, {low.shape}, {high.shape}", expected="one number per item"))
    below, above = require_finite(low, "low"), require_finite(high, "high")
    if (below > above).any():
        raise InputError(
            describe("quantiles that cross", expected="low <= high", found=f"{(below > above).sum()} items")
        )
    measured = require_finite(target, "target")
    return np.maximum(below - measured, measured - above)


class QuantileConformal(Calibrator):
    """Intervals between two predicted quantiles, each moved by one shift (Romano et al., 2019)."""

    kind: Literal["quantile_conformal"] = "quantile_conformal"
    level: float = Field(gt=0, lt=1, description="Nominal coverage.")
    shift: float = Field(description="How far both bounds move outwards, in the label's unit; infinite with too few.")
    num_items: int = Field(ge=1, description="Calibration items.")
    num_units: int = Field(ge=1, description="Calibration units: proteins where items are residues.")

    def intervals(self, low: Shaped[np.ndarray, "..."], high: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, "item 2"]:
        """Return low and high of each item; bounds that would pass each other meet at the middle.

        A shift inwards by more than half the width leaves nothing; the middle alone is then kept, which covers no less.
        """
        middle = (require_finite(low, "low") + require_finite(high, "high")) / 2.0
        return np.stack([np.minimum(low - self.shift, middle), np.maximum(high + self.shift, middle)], axis=1)


def fit_quantile_conformal(
    target: Shaped[np.ndarray, "..."],
    low: Shaped[np.ndarray, "..."],
    high: Shaped[np.ndarray, "..."],
    level: float = 0.9,
    *,
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> QuantileConformal:
    """Return the calibrator of held-out items; `low` and `high` are predicted quantiles, of any levels.

    Raises:
        InputError: shapes differ, NaN or infinity, or a low above its high.
    """
    score = quantile_score(target, low, high)
    return QuantileConformal(
        level=level,
        shift=conformal_quantile(score, level, unit),
        num_items=score.size,
        num_units=int(unit_index(unit, score.size).max()) + 1,
    )
