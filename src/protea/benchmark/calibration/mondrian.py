"""Mondrian conformal intervals: a bound for each group of items (a task, a band of identity), so that each is covered.

Axes: item, bound (low, high).
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import conformal_quantile, unit_index
from protea.benchmark.calibration.split_conformal import conformal_score, require_same_use, symmetric_intervals
from protea.errors import InputError, describe

__all__ = ["MondrianConformal", "fit_mondrian"]


class MondrianConformal(Calibrator):
    """Intervals that cover at least their level within each group (Vovk et al., 2005)."""

    kind: Literal["mondrian"] = "mondrian"
    level: float = Field(gt=0, lt=1, description="Nominal coverage.")
    is_normalised: bool = Field(description="Whether errors were divided by sigma.")
    bound_of: dict[str, float] = Field(description="Half width (or its ratio to sigma) of each group.")
    num_units_of: dict[str, int] = Field(description="Calibration units of each group.")

    @property
    def short_groups(self) -> tuple[str, ...]:
        """Groups with too few calibration units for their level; their intervals are infinite."""
        return tuple(name for name, bound in self.bound_of.items() if np.isinf(bound))

    def intervals(
        self,
        value: Shaped[np.ndarray, "..."],
        group: Shaped[np.ndarray, "..."],
        sigma: Shaped[np.ndarray, "..."] | None = None,
    ) -> Float[np.ndarray, "item 2"]:
        """Return low and high of each item, in the unit of the value; infinite in `short_groups`.

        Raises:
            InputError: a group without any calibration item (another group's bound says nothing about it), or sigma
                missing where it was used, or given where it was not.
        """
        require_same_use(self.is_normalised, sigma)
        names = [str(name) for name in group.tolist()]
        unknown = sorted(set(names) - set(self.bound_of))
        if unknown:
            raise InputError(
                describe(f"no calibration item in {', '.join(unknown)}", expected=f"one of {', '.join(self.bound_of)}",
                         do="Leave these items out, or calibrate on wider groups.")
            )  # fmt: skip
        return symmetric_intervals(value, sigma, np.array([self.bound_of[name] for name in names]))


def fit_mondrian(
    target: Shaped[np.ndarray, "..."],
    value: Shaped[np.ndarray, "..."],
    group: Shaped[np.ndarray, "..."],
    level: float = 0.9,
    *,
    sigma: Shaped[np.ndarray, "..."] | None = None,
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> MondrianConformal:
    """Return the calibrator of held-out items, one bound per group; see `fit_split_conformal`.

    The group must be known without the target. A unit may have items in several groups.

    Raises:
        InputError: shapes differ, NaN or infinity, or a sigma that is not positive.
    """
    score = conformal_score(target, value, sigma)
    if group.shape != score.shape:
        raise InputError(describe(f"group has shape {group.shape}", expected=f"{score.shape}, one per item"))
    unit_of = unit_index(unit, score.size)
    names = np.array([str(name) for name in group.tolist()])
    bounds, counts = {}, {}
    for name in np.unique(names).tolist():
        is_own = names == name
        bounds[name] = conformal_quantile(score[is_own], level, unit_of[is_own])
        counts[name] = int(np.unique(unit_of[is_own]).size)
    return MondrianConformal(level=level, is_normalised=sigma is not None, bound_of=bounds, num_units_of=counts)
