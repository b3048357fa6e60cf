"""Platt scaling with the spread of its fit: a probability, and between which probabilities it may lie.

The calibration units are drawn with replacement and the curve is fitted again. The band says how well the share of
positives among items with such a prediction is known; no single item can be held against it. Axes: item,
bound, resample.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import require_level, unit_index
from protea.benchmark.calibration.platt import PlattScaling, fit_platt, steepest_platt

__all__ = ["PlattBand", "fit_platt_band"]


class PlattBand(Calibrator):
    """The curve of all calibration items, and those of resampled units."""

    kind: Literal["platt_band"] = "platt_band"
    level: float = Field(gt=0, lt=1, description="Share of resampled curves between low and high.")
    fitted: PlattScaling = Field(description="The curve of all items.")
    resampled: tuple[tuple[float, float], ...] = Field(min_length=1, description="Slope and intercept, resampled.")
    num_items: int = Field(ge=1, description="Calibration items.")
    num_units: int = Field(ge=1, description="Calibration units: proteins where items are residues.")

    def probability(self, probability: Shaped[np.ndarray, " item"]) -> Float[np.ndarray, " item"]:
        """Return the scaled probability of class 1."""
        return self.fitted.probability(probability)

    def intervals(self, probability: Shaped[np.ndarray, " item"]) -> Float[np.ndarray, "item 2"]:
        """Return low and high of the scaled probability; it lies between them."""
        curves = [PlattScaling(slope=slope, intercept=intercept) for slope, intercept in self.resampled]
        drawn = np.stack([curve.probability(probability) for curve in curves])
        tail = (1 - self.level) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
        middle = self.probability(probability)
        return np.stack([np.minimum(low, middle), np.maximum(high, middle)], axis=1)


def fit_platt_band(
    target: Shaped[np.ndarray, " item"], probability: Shaped[np.ndarray, " item"], level: float = 0.9, *,
    unit: Shaped[np.ndarray, " item"] | None = None, num_resamples: int = 200, seed: int = 0,
) -> PlattBand:  # fmt: skip
    """Return the curve of held-out items and its spread; a resample that holds one class only is drawn again.

    Raises:
        InputError: as `fit_platt`.
    """
    require_level(level)
    fitted = fit_platt(target, probability)
    of = unit_index(unit, len(target))
    num_units = int(of.max()) + 1
    draw = np.random.default_rng(seed)
    resampled: list[tuple[float, float]] = []
    while len(resampled) < num_resamples:
        weight = np.bincount(draw.integers(num_units, size=num_units), minlength=num_units)[of]
        kept = weight > 0
        if len(np.unique(target[kept])) < 2:
            continue
        curve = steepest_platt(target[kept], probability[kept], weight[kept].astype(np.float64))
        resampled.append((curve.slope, curve.intercept))
    return PlattBand(level=level, fitted=fitted, resampled=tuple(resampled), num_items=len(target), num_units=num_units)
