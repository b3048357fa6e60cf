"""Coverage, width and error by band: of identity to the training set, of length, of new or known fold.

Axes: item, bound (low, high).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Shaped

from protea.benchmark.calibration.coverage_band import CoverageBand, coverage_band
from protea.benchmark.calibration.order_statistic import unit_index
from protea.benchmark.calibration.resplit_band import unit_coverage
from protea.errors import InputError, describe
from protea.metrics.stated_uncertainty import select_intervals

__all__ = ["ShiftRow", "shift_table"]

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class ShiftRow:
    """One band: its size, and what the intervals are worth in it."""

    band: str
    num_items: int
    num_units: int
    coverage: float
    """Mean over units of the share of their items inside."""
    chance: CoverageBand
    """Where the coverage of as many units would lie if they were like the calibration items, one item each."""
    mean_width: float
    mean_absolute_error: float

    @property
    def is_as_calibrated(self) -> bool:
        """Whether the coverage lies within chance."""
        return self.chance.holds(self.coverage)


def shift_table(
    target: Shaped[np.ndarray, "..."],
    value: Shaped[np.ndarray, "..."],
    intervals: Float[np.ndarray, "..."],
    band: Shaped[np.ndarray, "..."],
    level: float,
    num_calibration: int,
    unit: Shaped[np.ndarray, "..."] | None = None,
    num_calibration_of: Mapping[str, int] = _NONE,
) -> tuple[ShiftRow, ...]:
    """Return a row per band, in the order of their names, then one for all items.

    Args:
        target: measured values of the test items.
        value: predicted values.
        intervals: their intervals.
        band: name of each item's band.
        level: nominal coverage.
        num_calibration: calibration units behind the intervals.
        num_calibration_of: the same for bands that have a bound of their own (Mondrian).
        unit: unit of each item; the chance of units of several items is then wider than where their shares would lie.

    Raises:
        InputError: shapes that do not fit.
    """
    samples = select_intervals(target, intervals, None, None)
    if band.shape != target.shape or value.shape != target.shape:
        raise InputError(describe(f"value {value.shape}, band {band.shape}", expected=f"{target.shape}, one per item"))
    is_inside = (samples.low <= samples.target) & (samples.target <= samples.high)
    width, error = samples.high - samples.low, np.abs(samples.target - value)
    unit_of = unit_index(unit, target.size)
    names = np.array([str(name) for name in band.tolist()])
    rows = []
    for name, is_own in [*((name, names == name) for name in np.unique(names)), ("all", np.ones(names.size, bool))]:
        own = int(np.unique(unit_of[is_own]).size)
        chance = coverage_band(level, num_calibration_of.get(str(name), num_calibration), own)
        rows.append(
            ShiftRow(
                str(name), int(is_own.sum()), own, unit_coverage(is_inside[is_own], unit_of[is_own]),
                chance, float(width[is_own].mean()),
                float(error[is_own].mean()),
            )
        )  # fmt: skip
    return tuple(rows)
