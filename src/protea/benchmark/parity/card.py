"""The tolerances that a card states, read from its sentence; where it states none, the bounds of its kind."""

import re
from dataclasses import dataclass
from typing import ClassVar, TypeVar

__all__ = [
    "ElementTolerance",
    "FeatureTolerance",
    "HeadTolerance",
    "MetricTolerance",
    "ModelTolerance",
    "RebuildTolerance",
    "StructureTolerance",
    "SumTolerance",
]

_NUMBER = r"(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"


_Bounds = TypeVar("_Bounds", bound="_Stated")


class _Stated:
    """Bounds of which each is read from a card by its patterns: the first that matches, else the default."""

    patterns: ClassVar[dict[str, tuple[str, ...]]]

    @classmethod
    def of(cls: "type[_Bounds]", card: str) -> "_Bounds":
        """Return the bounds that a card states; the class says how its sentence reads."""
        found = {}
        for name, patterns in cls.patterns.items():
            matches = [match for pattern in patterns if (match := re.search(pattern, card)) is not None]
            if matches:
                found[name] = float(matches[0].group(1))
        return cls(**found)


@dataclass(frozen=True)
class ModelTolerance(_Stated):
    """Bounds of max |difference| / max |reference|.

    A card allows rtol |b| + atol x largest |output| in float32; the second term alone is asked here, which is stricter.

    A card reads `... + atol A x largest |output| in float32, B relative in float64`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "float32": (rf"atol {_NUMBER} x largest",),
        "float64": (rf"{_NUMBER} relative in float64",),
    }

    float32: float = 1e-4
    float64: float = 1e-9


@dataclass(frozen=True)
class ElementTolerance(_Stated):
    """Bounds of each number: |difference| <= absolute + relative x |reference|.

    A card reads `Tolerance: atol A, rtol R`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "absolute": (rf"Tolerance: atol {_NUMBER}",),
        "relative": (rf"Tolerance: atol [\d.eE+-]+, rtol {_NUMBER}",),
    }

    absolute: float = 1e-4
    relative: float = 1e-4


@dataclass(frozen=True)
class SumTolerance(_Stated):
    """Bound of sums of log-probabilities over a whole sequence.

    A card reads `pll sums atol A`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "absolute": (rf"pll sums atol {_NUMBER}",),
    }

    absolute: float = 1e-3


@dataclass(frozen=True)
class FeatureTolerance(_Stated):
    """Absolute bounds of feature columns in float32; `float64` is our own bound, as the cards give none.

    A card reads `atol A for angle columns, B for one-hot, C for positional, D for distances`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "angle": (rf"{_NUMBER} for angle",),
        "one_hot": (rf"{_NUMBER} for one-hot",),
        "positional": (rf"{_NUMBER} for positional",),
        "distance": (rf"{_NUMBER} for distances",),
    }

    angle: float = 2e-4
    one_hot: float = 1e-6
    positional: float = 1e-5
    distance: float = 1e-4
    float64: float = 1e-9


@dataclass(frozen=True)
class MetricTolerance(_Stated):
    """Bounds of metric values: those that the reference computed in float32, and those computed by definition.

    A card reads `Tolerance A (float32 reference), own values B`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "reference": (rf"[Tt]olerance {_NUMBER} \(float32",),
        "definition": (rf"own values {_NUMBER}",),
    }

    reference: float = 1e-6
    definition: float = 1e-12


@dataclass(frozen=True)
class StructureTolerance(_Stated):
    """Bounds of structure scores; `tm_above` is how much more another search may find than the reference.

    A card reads `tm_at_kabsch A; TM-score B`, and `up to C more`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "exact": (rf"tm_at_kabsch {_NUMBER}",),
        "tm_below": (rf"TM-score {_NUMBER}",),
        "tm_above": (rf"up to {_NUMBER} more",),
    }

    exact: float = 1e-9
    tm_below: float = 1e-4
    tm_above: float = 1e-3


@dataclass(frozen=True)
class HeadTolerance(_Stated):
    """Bounds of max |difference| / max |reference| of a head.

    A card reads `Tolerance A float32, B float64`, or `rtol R + atol A` for float32 alone.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "float32": (
            rf"Tolerance {_NUMBER} float32",
            rf"\+ atol {_NUMBER}",
        ),
        "float64": (rf"float32, {_NUMBER} float64",),
    }

    float32: float = 1e-4
    float64: float = 1e-9


@dataclass(frozen=True)
class RebuildTolerance(_Stated):
    """Bounds of rebuilt coordinates after superposition in angstrom; `angle` in radian and `column` are our own.

    A card reads `Tolerance after superposition A angstrom in float32 (...), B in float64`.
    """

    patterns: ClassVar[dict[str, tuple[str, ...]]] = {
        "float32": (rf"superposition {_NUMBER} angstrom",),
        "float64": (rf"{_NUMBER} in float64",),
    }

    float32: float = 1e-2
    float64: float = 1e-6
    angle32: float = 1e-3
    angle64: float = 1e-7
    column: float = 1e-5
