"""Weighted conformal intervals: calibration items count by how likely they are among the new ones.

Where only the distribution of inputs differs (covariate shift), weights in proportion to the likelihood ratio new over
known keep the promise of coverage (Tibshirani et al., 2019). A ratio that is estimated keeps it as far as it is right.
Axes: item, bound (low, high).
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field, model_validator

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import unit_index, weighted_conformal_quantile
from protea.benchmark.calibration.split_conformal import conformal_score, require_same_use, symmetric_intervals
from protea.errors import InputError, describe

__all__ = ["WeightedConformal", "fit_weighted_conformal"]


class WeightedConformal(Calibrator):
    """Intervals whose bound depends on the item's own weight: far from all calibration items they are infinite."""

    kind: Literal["weighted_conformal"] = "weighted_conformal"
    level: float = Field(gt=0, lt=1, description="Nominal coverage.")
    is_normalised: bool = Field(description="Whether errors were divided by sigma.")
    scores: tuple[float, ...] = Field(min_length=1, description="Scores of the calibration items.")
    weights: tuple[float, ...] = Field(min_length=1, description="Their weights.")

    @model_validator(mode="after")
    def _check_sizes(self) -> "WeightedConformal":
        if len(self.scores) != len(self.weights):
            raise ValueError(f"{len(self.scores)} scores and {len(self.weights)} weights; expected equally many")
        return self

    @property
    def effective_items(self) -> float:
        """(sum of weights)^2 / sum of squared weights: with how many equal items the bound is as well known."""
        weight = np.array(self.weights)
        return float(weight.sum() ** 2 / (weight**2).sum())

    def intervals(
        self,
        value: Shaped[np.ndarray, "..."],
        weight: Shaped[np.ndarray, "..."],
        sigma: Shaped[np.ndarray, "..."] | None = None,
    ) -> Float[np.ndarray, "item 2"]:
        """Return low and high of each item, in the unit of the value.

        Args:
            value: predicted values.
            weight: likelihood ratio of each item, on the scale of the calibration weights.
            sigma: predicted deviations, where they were used when fitting.

        Raises:
            InputError: sigma missing where it was used, or given where it was not; a negative weight.
        """
        require_same_use(self.is_normalised, sigma)
        bound = weighted_conformal_quantile(np.array(self.scores), np.array(self.weights), weight, self.level)
        return symmetric_intervals(value, sigma, bound)


def fit_weighted_conformal(
    target: Shaped[np.ndarray, "..."],
    value: Shaped[np.ndarray, "..."],
    weight: Shaped[np.ndarray, "..."],
    level: float = 0.9,
    *,
    sigma: Shaped[np.ndarray, "..."] | None = None,
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> WeightedConformal:
    """Return the calibrator of held-out items with their likelihood ratios; items of a unit share its weight equally.

    Raises:
        InputError: shapes differ, NaN or infinity, a negative weight, or none above 0.
    """
    score = conformal_score(target, value, sigma)
    if weight.shape != score.shape:
        raise InputError(describe(f"weight has shape {weight.shape}", expected=f"{score.shape}, one per item"))
    if not (np.isfinite(weight).all() and (weight >= 0).all() and (weight > 0).any()):
        raise InputError(describe("weights that are no likelihood ratios", expected="finite, from 0, some above 0"))
    unit_of = unit_index(unit, score.size)
    shared = weight / np.bincount(unit_of)[unit_of]
    return WeightedConformal(
        level=level, is_normalised=sigma is not None, scores=tuple(score.tolist()), weights=tuple(shared.tolist())
    )
