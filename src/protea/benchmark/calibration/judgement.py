"""What ways of stating doubt are worth on test items: a row per way, with its calibrator."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.coverage_band import CoverageBand
from protea.benchmark.calibration.held import HeldKind
from protea.benchmark.calibration.shift_table import ShiftRow

__all__ = ["JudgedWay", "Judgement", "Measure", "as_plain"]


@dataclass(frozen=True)
class Measure:
    """A metric on the test items with its 95 % bootstrap interval over units; none where there is one unit."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class JudgedWay:
    """One way of stating doubt, such as `split conformal`."""

    name: str
    measures: Mapping[str, Measure]
    """Metrics by name; in the label's unit where they have one."""
    coverage: float | None = None
    """Mean over units of the share of their items that are covered."""
    item_coverage: float | None = None
    """Share of all items that are covered."""
    band: CoverageBand | None = None
    """Where coverage lies by chance; None where nothing is promised."""
    groups: tuple[ShiftRow, ...] = ()
    calibrator: Calibrator | None = None

    @property
    def is_in_band(self) -> bool | None:
        """Whether the coverage lies in the band; None without one."""
        return None if self.band is None or self.coverage is None else self.band.holds(self.coverage)


@dataclass(frozen=True)
class Judgement:
    """All ways, on the same calibration and test items."""

    kind: HeldKind
    level: float
    num_calibration_items: int
    num_calibration_units: int
    num_test_items: int
    num_test_units: int
    ways: tuple[JudgedWay, ...]
    notes: tuple[str, ...] = field(default=())


def as_plain(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as numbers and texts that JSON holds; infinity is the text `infinity`."""
    return {
        "kind": judgement.kind,
        "level": judgement.level,
        "calibration": {"items": judgement.num_calibration_items, "units": judgement.num_calibration_units},
        "test": {"items": judgement.num_test_items, "units": judgement.num_test_units},
        "ways": [_plain_way(way) for way in judgement.ways],
        "notes": list(judgement.notes),
    }


def _plain_way(way: JudgedWay) -> dict[str, Any]:
    return {
        "name": way.name,
        "coverage": way.coverage,
        "item_coverage": way.item_coverage,
        "band": None if way.band is None else vars(way.band),
        "is_in_band": way.is_in_band,
        "measures": {
            name: {"value": _number(item.value), "low": _number(item.low), "high": _number(item.high)}
            for name, item in way.measures.items()
        },
        "groups": [
            {**vars(row), "chance": vars(row.chance), "mean_width": _number(row.mean_width),
             "is_as_calibrated": row.is_as_calibrated}
            for row in way.groups
        ],
    }  # fmt: skip


def _number(value: float | None) -> float | str | None:
    return "infinity" if value is not None and math.isinf(value) else value
