"""From what a predictor gives to what a person reads: answers with intervals, and tracks along the sequence.

Axes: residue, class.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from protea.applications.properties.fitted.doubt import PropertyDoubt
from protea.applications.properties.labels.cells import LetterCells
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.platt_band import PlattBand
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.predict.answer import Answer, Familiarity, Interval, Track
from protea.protein.record import Protein

__all__ = ["answers_of", "class_letters", "given_tracks", "track_of"]

_LEAST = 1e-12


def answers_of(
    item: Property, found: Float[np.ndarray, "protein *answer"], doubt: PropertyDoubt,
    familiarity: Sequence[Familiarity | None],
) -> list[Answer]:  # fmt: skip
    """Return the answer about a property of each of some whole proteins."""
    said = _SAID[item.kind](item, found, doubt)
    sources, limits = tuple(table.origin for table in item.tables), " ".join(item.limits)
    return [
        Answer(
            item.name, item.title, item.unit, one.value, one.predicted, one.interval, one.possible, one.probability,
            doubt.percentile(one.value) if item.kind == "value" else None, near, _physical_range(item), sources, limits,
            item.direction.removeprefix("1 = ") if item.kind == "binary" else "",
        )
        for one, near in zip(said, familiarity, strict=True)
    ]  # fmt: skip


class _Said(NamedTuple):
    value: float
    predicted: str | None = None
    interval: Interval | None = None
    possible: tuple[str, ...] = ()
    probability: Mapping[str, float] = MappingProxyType({})


def _numbers(item: Property, found: np.ndarray, doubt: PropertyDoubt) -> list[_Said]:
    calibrator, values = doubt.calibrator, found.tolist()
    if not isinstance(calibrator, SplitConformal):
        return [_Said(value) for value in values]
    bounds = calibrator.intervals(found).tolist()
    return [
        _Said(value, interval=Interval(*_inside(low, high, item), calibrator.level))
        for value, (low, high) in zip(values, bounds, strict=True)
    ]


def _probabilities(item: Property, found: np.ndarray, doubt: PropertyDoubt) -> list[_Said]:
    calibrator = doubt.calibrator
    if not isinstance(calibrator, PlattBand):
        return [_Said(value) for value in found.tolist()]
    values, bounds = calibrator.probability(found).tolist(), calibrator.intervals(found).tolist()
    return [
        _Said(value, interval=Interval(low, high, calibrator.level))
        for value, (low, high) in zip(values, bounds, strict=True)
    ]


def _classes(item: Property, found: np.ndarray, doubt: PropertyDoubt) -> list[_Said]:
    calibrator, names = doubt.calibrator, item.classes
    is_in = np.zeros(found.shape, dtype=bool)
    if isinstance(calibrator, ClassSets):
        is_in = calibrator.sets(np.log(found.clip(min=_LEAST)))
    return [
        _Said(
            float(row.max()), names[int(row.argmax())], None, tuple(np.array(names)[there].tolist()),
            dict(zip(names, row.tolist(), strict=True)),
        )
        for row, there in zip(found, is_in, strict=True)
    ]  # fmt: skip


def _labels(item: Property, found: np.ndarray, doubt: PropertyDoubt) -> list[_Said]:
    """Return all labels that are likelier than not; the value is the probability of the likeliest."""
    said = []
    for row in found:
        likely = tuple(np.array(item.classes)[row >= 0.5].tolist())
        probability = dict(zip(item.classes, row.tolist(), strict=True))
        said.append(_Said(float(row.max()), " + ".join(likely) or "none", None, likely, probability))
    return said


_SAID: Mapping[str, Callable[[Property, np.ndarray, PropertyDoubt], list[_Said]]] = {
    "value": _numbers, "binary": _probabilities, "classes": _classes, "multilabel": _labels,
}  # fmt: skip


def _inside(low: float, high: float, item: Property) -> tuple[float, float]:
    """Return an interval without what no value can be."""
    low = low if item.lower is None else min(max(low, item.lower), high)
    high = high if item.upper is None else max(min(high, item.upper), low)
    return low, high


def _physical_range(item: Property) -> tuple[float, float] | None:
    return None if item.lower is None or item.upper is None else (item.lower, item.upper)


def track_of(item: Property, found: Float[np.ndarray, "residue *answer"], doubt: PropertyDoubt) -> Track:
    """Return a property of residues along the sequence; yes and no are told as a probability."""
    limits = " ".join(item.limits)
    if item.kind == "value":
        has = found[np.isfinite(found)]
        low = item.lower if item.lower is not None else float(min(has.min(initial=0.0), 0.0))
        high = item.upper if item.upper is not None else float(has.max(initial=low + 1.0))
        return Track(item.name, item.title, item.unit, found, float(low), float(high), limits=limits)
    if item.kind == "binary":
        value = found if doubt.calibrator is None else _scaled(doubt, found)
        return Track(item.name, item.title, "", value, 0.0, 1.0, limits=limits)
    if item.kind == "multilabel":
        # What a residue binds most likely; the height of no box says that it is likely at all.
        return Track(item.name, item.title, "", found.max(axis=1), 0.0, 1.0, limits=limits)
    letter_of = class_letters(item.classes, _letters_of_labels(item))
    letters = "".join(np.array([letter_of[name] for name in item.classes])[found.argmax(axis=1)])
    meaning = {letter: name for name, letter in letter_of.items()}
    return Track(item.name, item.title, "", found.max(axis=1), 0.0, 1.0, letters, meaning, limits=limits)


def _scaled(doubt: PropertyDoubt, found: np.ndarray) -> np.ndarray:
    assert isinstance(doubt.calibrator, PlattBand)
    return doubt.calibrator.probability(found)


def given_tracks(protein: Protein) -> tuple[Track, ...]:
    """Return what a structure itself says of its residues: pLDDT, where it is a predicted one that holds it."""
    found = protein.plddt()
    if found is None:
        return ()
    value = np.where(found[1], found[0], np.nan).astype(np.float64)
    limits = "Of the structure that was given, not of this predictor; above 90 is sure, below 50 is not."
    return (Track("plddt", "pLDDT of the structure", "", value, 0.0, 100.0, limits=limits),)


def _letters_of_labels(item: Property) -> tuple[str, ...]:
    """Return the letters by which the first table of a property names its classes; none where it has none."""
    for table in item.tables:
        target = getattr(table, "target", None)
        if isinstance(target, LetterCells):
            return target.letters
    return ()


def class_letters(names: tuple[str, ...], of_labels: tuple[str, ...] = ()) -> dict[str, str]:
    """Return a letter per class: that of the labels, where each class has one; else, of each name, the first capital

    that no class before it has, or a digit.
    """
    if len(of_labels) == len(names) and all(len(letter) == 1 for letter in of_labels):
        return dict(zip(names, of_labels, strict=True))
    found: dict[str, str] = {}
    for name in names:
        choices = [letter for letter in name.upper() if letter.isalnum()] + list("0123456789#*+=")
        found[name] = next(letter for letter in choices if letter not in found.values())
    return found
