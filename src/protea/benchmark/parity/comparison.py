"""One compared output and the report of one golden."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from protea.errors import ProteaError

__all__ = [
    "Comparison",
    "GoldenReport",
    "Status",
    "Unsupported",
    "compare",
    "compare_elements",
    "scaled_difference",
]

Status = Literal["agrees", "differs", "not implemented", "cannot be read"]


class Unsupported(ProteaError):  # noqa: N818 - a state of this version, not a mistake of anybody
    """A golden of something that Protea does not have yet; the message names it."""


@dataclass(frozen=True)
class Comparison:
    """An output of the reference and how far ours lies from it.

    Attributes:
        output: its name in the golden; a part of it in brackets.
        precision: `float32` or `float64`; `exact` for indices and counts, where the difference is a share.
        difference: max |difference| / max |reference|; infinite where shapes differ or a value is not finite.
        tolerance: the largest difference allowed, scaled alike.
        note: what a reader of the number should know.
    """

    output: str
    precision: str
    difference: float
    tolerance: float
    note: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the difference is a number within the tolerance."""
        return self.difference <= self.tolerance


@dataclass(frozen=True)
class GoldenReport:
    """What became of one golden. `not_compared` says of each output left aside why it was."""

    golden: str
    kind: str
    comparisons: tuple[Comparison, ...] = ()
    not_compared: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    """Why it is not implemented or cannot be read, where it is so."""
    is_unreadable: bool = False

    @property
    def status(self) -> Status:
        """Whether every compared output is within its tolerance; without one there is nothing to agree."""
        if self.is_unreadable:
            return "cannot be read"
        if not self.comparisons:
            return "not implemented"
        return "agrees" if all(item.is_within for item in self.comparisons) else "differs"


def scaled_difference(found: np.ndarray, expected: np.ndarray) -> float:
    """Return max |found - expected| / max |expected|; the plain maximum where the reference is 0 throughout.

    Infinite where the shapes differ, or where exactly one of the two is not finite or both are so in another way.
    """
    if found.shape != expected.shape:
        return math.inf
    if not expected.size:
        return 0.0
    found, expected = found.astype(np.float64), expected.astype(np.float64)
    is_number = np.isfinite(expected)
    if not np.array_equal(found[~is_number], expected[~is_number], equal_nan=True):
        return math.inf
    found, expected = found[is_number], expected[is_number]
    if not np.isfinite(found).all():
        return math.inf
    scale = np.abs(expected).max(initial=0.0)
    return float(np.abs(found - expected).max(initial=0.0) / (scale if scale > 0 else 1.0))


def compare(
    output: str, precision: str, found: np.ndarray, expected: np.ndarray, *,
    relative: float | None = None, absolute: float | None = None, note: str = "",
) -> Comparison:  # fmt: skip
    """Return the comparison of two arrays, the tolerance given as scaled, or as absolute and then scaled alike."""
    tolerance = relative if relative is not None else 0.0
    if absolute is not None:
        scale = float(np.abs(expected[np.isfinite(expected)]).max(initial=0.0)) if expected.size else 0.0
        tolerance = max(tolerance, absolute / scale if scale > 0 else absolute)
    if found.shape != expected.shape:
        note = f"shape {found.shape}, expected {expected.shape}"
    return Comparison(output, precision, scaled_difference(found, expected), tolerance, note)


def compare_elements(
    output: str, precision: str, found: np.ndarray, expected: np.ndarray, *,
    absolute: float, relative: float, note: str = "",
) -> Comparison:  # fmt: skip
    """Return the comparison of two arrays of which each number must be within absolute + relative x |reference|.

    Difference and tolerance are those of the number that comes nearest to its bound, or lies farthest beyond it, scaled
    by max |reference|.
    """
    if scaled_difference(found, expected) == math.inf:
        return compare(output, precision, found, expected, absolute=absolute, note=note)
    found, expected = found.astype(np.float64).ravel(), expected.astype(np.float64).ravel()
    is_number = np.isfinite(expected)
    found, expected = found[is_number], expected[is_number]
    if not expected.size:
        return Comparison(output, precision, 0.0, absolute, note)
    difference, bound = np.abs(found - expected), absolute + relative * np.abs(expected)
    worst, scale = int(np.argmax(difference / bound)), float(np.abs(expected).max()) or 1.0
    return Comparison(output, precision, float(difference[worst] / scale), float(bound[worst] / scale), note)
