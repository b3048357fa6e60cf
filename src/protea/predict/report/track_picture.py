"""Tracks along a sequence as one picture: the letters on top, then each track below its name, ten units per residue.

Classes are boxes with their letter and values are bars, so that the picture needs no colour to be read.
"""

import math
from collections.abc import Sequence

from protea.benchmark.report.markup import Markup, joined, tag
from protea.predict.answer import ProteinAnswers, Track
from protea.predict.chains import author_numbers

__all__ = ["residue_numbers", "track_picture"]

_STEP, _LEFT, _LETTERS, _NAME, _ROW, _BETWEEN = 10.0, 4.0, 34.0, 16.0, 34.0, 10.0
_Attributes = dict[str, str | float | int | None]


def track_picture(protein: ProteinAnswers) -> Markup:
    """Return the picture of all tracks of a protein; empty where it has none.

    Residues of a structure have the numbers of its author, those that were not observed none.
    """
    if not protein.tracks:
        return Markup("")
    width = _LEFT + _STEP * len(protein.sequence) + 8
    height = _LETTERS + len(protein.tracks) * (_NAME + _ROW + _BETWEEN)
    names_of = [f"{letter}{number}" for letter, number in zip(protein.sequence, residue_numbers(protein), strict=True)]
    rows = [
        _track(track, names_of, _LETTERS + row * (_NAME + _ROW + _BETWEEN)) for row, track in enumerate(protein.tracks)
    ]
    names = ", ".join(track.title for track in protein.tracks)
    box: _Attributes = {"viewBox": f"0 0 {width:g} {height:g}", "width": width, "height": height, "role": "img",
                        "class": "tracks", "aria-label": f"Along the sequence of {protein.id}: {names}"}  # fmt: skip
    return tag("svg", box, _sequence(protein), *rows)


def residue_numbers(protein: ProteinAnswers) -> tuple[str, ...]:
    """Return the number of each residue: that of the author, `(not observed)`, or its place where no structure is."""
    if protein.structure is None:
        return tuple(str(place + 1) for place in range(len(protein.sequence)))
    return tuple(number or " (not observed)" for number in author_numbers(protein.structure))


def _sequence(protein: ProteinAnswers) -> Markup:
    """Return the letters, and the numbers of every tenth above them."""
    parts, numbers = [], residue_numbers(protein)
    for place, letter in enumerate(protein.sequence):
        x = _LEFT + (place + 0.5) * _STEP
        parts.append(tag("text", {"x": x, "y": 28, "text-anchor": "middle", "class": "letter"}, letter))
        number = numbers[place]
        if number[-1].isdigit() and int(number) % 10 == 0:
            parts.append(tag("text", {"x": x, "y": 12, "text-anchor": "middle", "class": "place"}, number))
    return joined(parts)


def _track(track: Track, names: Sequence[str], top: float) -> Markup:
    unit = f" ({track.unit})" if track.unit else ""
    head = tag("text", {"x": _LEFT, "y": top + 12, "class": "name"}, f"{track.title}{unit}")
    top += _NAME
    drawn = _boxes(track, names, top) if track.letters is not None else _bars(track, names, top)
    return tag("g", {"data-track": track.name}, head, drawn)


def _hint(track: Track, names: Sequence[str], place: int) -> Markup:
    value = track.value[place]
    said = f"{value:.3g}" if math.isfinite(value) else "does not apply"
    if track.letters is not None:
        letter = track.letters[place]
        said = f"{track.meaning.get(letter, letter)}, {said}"
    return tag("title", None, f"{names[place]}: {said}")


def _boxes(track: Track, names: Sequence[str], top: float) -> Markup:
    """Return residues as boxes with their letter, in the colours of the trace (`paint`)."""
    assert track.letters is not None
    kinds = list(track.meaning) or sorted(set(track.letters))
    parts = []
    for place, letter in enumerate(track.letters):
        x = _LEFT + place * _STEP
        kind = kinds.index(letter) if letter in kinds else len(kinds)
        attributes: _Attributes = {
            "x": x,
            "y": top + 2,
            "width": _STEP,
            "height": _ROW - 10,
            "class": f"kind{kind % 6}",
        }
        parts.append(tag("rect", attributes, _hint(track, names, place)))
        parts.append(
            tag("text", {"x": x + _STEP / 2, "y": top + 18, "text-anchor": "middle", "class": "inside"}, letter)
        )
    return joined(parts)


def _bars(track: Track, names: Sequence[str], top: float) -> Markup:
    """Return a bar per residue from zero, or from the bottom where all values are above it."""
    span = (track.high - track.low) or 1.0
    height = _ROW - 6

    def at(value: float) -> float:
        return top + height - (min(max(value, track.low), track.high) - track.low) / span * height

    ground = at(0.0) if track.low < 0 < track.high else at(track.low)
    parts = [tag("line", {"x1": _LEFT, "x2": _LEFT + _STEP * len(names), "y1": ground, "y2": ground, "class": "axis"})]
    for place, value in enumerate(track.value):
        if not math.isfinite(value):
            continue
        end = at(float(value))
        attributes: _Attributes = {"x": _LEFT + place * _STEP + 1, "y": min(end, ground), "width": _STEP - 2,
                                   "height": abs(end - ground), "class": "down" if end > ground else "up"}  # fmt: skip
        parts.append(tag("rect", attributes, _hint(track, names, place)))
    return joined(parts)
