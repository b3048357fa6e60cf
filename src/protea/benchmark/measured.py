"""What an evaluation measured: a metric with its interval, and all metrics of one input variant."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Measured", "VariantResult"]


@dataclass(frozen=True)
class Measured:
    """A metric over all supervised items; `low` and `high` bound its interval, None where there is none.

    `reason` says why there is no value or no interval.
    """

    value: float | None
    low: float | None
    high: float | None
    num_items: int
    num_units: int
    reason: str = ""


@dataclass(frozen=True)
class VariantResult:
    """One input variant: its proteins, what resampling counts, what was refused, and the metrics of each task."""

    num_proteins: int
    unit: str
    tasks: Mapping[str, Mapping[str, Measured]]
    notes: tuple[str, ...]
