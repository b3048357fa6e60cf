"""A track as paint for residues: colour, width and whether the stroke is hollow, so that grey paper tells it too.

Values go from pale and thin to dark and thick; below zero the stroke is hollow. Classes differ in colour and width.
Axes: residue.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from protea.benchmark.report.markup import Markup, joined, tag
from protea.predict.answer import Track
from protea.predict.report.cards import rounded

__all__ = ["NOTHING", "PAPER", "Paint", "Painted", "mixed", "painted"]

PAPER = "#fcfbf8"


class Paint(NamedTuple):
    """How a residue is drawn; the width is in units of the picture."""

    colour: str
    width: float
    is_hollow: bool = False


NOTHING = Paint("#b4b8bd", 2.0)
"""Where a track says nothing."""

_KINDS = (
    Paint("#0b62a4", 11.0), Paint("#e08a1e", 8.0), Paint("#7d8a63", 4.0), Paint("#94408c", 10.0), Paint("#b8a11f", 6.0),
    Paint("#4a5159", 5.0),
)  # fmt: skip
_PALE, _DARK, _LOWERS = "#e9dfae", "#123b6b", "#b4530a"
_STEPS = 8


@dataclass(frozen=True)
class Painted:
    """A track on residues: the paint of each, what it says of each in words, in sum, and its legend."""

    name: str
    title: str
    paint: tuple[Paint, ...]
    words: tuple[str, ...]
    summary: str
    legend: Markup


def mixed(first: str, second: str, share: float) -> str:
    """Return the colour that has this share of the second."""
    ends = zip(*(tuple(bytes.fromhex(colour[1:])) for colour in (first, second)), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in ends)


def painted(track: Track) -> Painted:
    """Return a track as paint."""
    if track.letters is not None:
        return _classes(track, track.letters)
    paint_of = _signed(track) if track.low < 0 < track.high else _rising(track)
    unit = f" {track.unit}" if track.unit else ""
    words = tuple(f"{rounded(value)}{unit}" if math.isfinite(value) else "does not apply" for value in track.value)
    has = track.value[np.isfinite(track.value)]
    summary = f"from {rounded(has.min())} to {rounded(has.max())}{unit}" if has.size else "no residue has it"
    shown = np.linspace(track.low, track.high, _STEPS + 1).tolist()
    legend = _legend([(paint_of(value), f"{rounded(value)}{unit}") for value in shown])
    return Painted(track.name, track.title, tuple(map(paint_of, track.value.tolist())), words, summary, legend)


def _classes(track: Track, letters: str) -> Painted:
    meaning = dict(track.meaning) or {letter: letter for letter in sorted(set(letters))}
    if len(meaning) <= len(_KINDS):
        paint = dict(zip(meaning, _KINDS, strict=False))
    else:  # many classes are steps of a scale
        steps = np.linspace(0, 1, len(meaning)).tolist()
        paint = {letter: _step(share) for letter, share in zip(meaning, steps, strict=True)}
    counts = {letter: letters.count(letter) for letter in meaning}
    summary = ", ".join(
        f"{meaning[letter]} {round(100 * number / len(letters))} %" for letter, number in counts.items()
    )
    words = tuple(
        f"{meaning.get(letter, letter)}, {rounded(float(value))}"
        for letter, value in zip(letters, track.value, strict=True)
    )
    legend = _legend([(paint[letter], f"{letter} {name}") for letter, name in meaning.items()])
    return Painted(track.name, track.title, tuple(paint.get(one, NOTHING) for one in letters), words, summary, legend)


def _step(share: float) -> Paint:
    return Paint(mixed(_PALE, _DARK, share), 3.5 + 7.5 * share)


def _rising(track: Track) -> Callable[[float], Paint]:
    span = (track.high - track.low) or 1.0

    def paint_of(value: float) -> Paint:
        if not math.isfinite(value):
            return NOTHING
        return _step(round(min(max((value - track.low) / span, 0.0), 1.0) * _STEPS) / _STEPS)

    return paint_of


def _signed(track: Track) -> Callable[[float], Paint]:
    largest = max(abs(track.low), abs(track.high))

    def paint_of(value: float) -> Paint:
        if not math.isfinite(value):
            return NOTHING
        share = round(min(abs(value) / largest, 1.0) * _STEPS / 2) / (_STEPS / 2)
        if not share:
            return Paint("#cfcabd", 3.5)
        end = _DARK if value > 0 else _LOWERS
        return Paint(mixed("#cfcabd", end, share), 3.5 + 7.5 * share, value < 0)

    return paint_of


def _legend(items: Sequence[tuple[Paint, str]]) -> Markup:
    """Return samples of strokes with what they stand for."""
    return joined(
        tag("span", {"class": "sample"}, _sample(paint), tag("span", None, text))
        for paint, text in [*items, (NOTHING, "nothing said")]
    )


def _sample(paint: Paint) -> Markup:
    parts = [_stroke(paint.colour, paint.width)]
    if paint.is_hollow:
        parts.append(_stroke(PAPER, 0.45 * paint.width))
    return tag("svg", {"viewBox": "0 0 26 12", "width": 26, "height": 12, "aria-hidden": "true"}, *parts)


def _stroke(colour: str, width: float) -> Markup:
    return tag("path", {"d": "M5 6H21", "stroke": colour, "stroke-width": width, "stroke-linecap": "round"})
