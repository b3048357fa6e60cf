"""A mutational scan as a heat map in SVG: letters down, residues across, a hundred per line.

Blue raises, orange lowers, white changes nothing; scores beyond the 99th percentile of their size have the strongest
shade. Cells of one shade are one path, so that the picture of a long protein stays small.
"""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from protea.benchmark.report.figures.axes import line, text
from protea.benchmark.report.markup import Markup, joined, tag
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["BY_CHEMISTRY", "LAYOUT", "PER_LINE", "Substitutions", "heat_map", "largest_shown", "shade_colours"]

BY_CHEMISTRY = "GAVLIMFWYPCSTNQHKRDE"
"""The order of the rows: small, aliphatic, aromatic, proline, cysteine, polar, positive, negative."""
PER_LINE = 100

_CELL, _LEFT, _TOP, _BETWEEN, _BELOW = 11.0, 58.0, 92.0, 30.0, 40.0
_STRIP = 7.0
_HEIGHT = len(BY_CHEMISTRY) * _CELL + _BETWEEN + _BELOW
LAYOUT: Mapping[str, float] = MappingProxyType({
    "cell": _CELL, "left": _LEFT, "top": _TOP + _STRIP + 6, "line": _HEIGHT, "strip": _STRIP, "lift": _STRIP + 4,
    "per_line": PER_LINE,
})  # fmt: skip
"""Where the cells of the picture stand, for what points at them; the strip begins `lift` above the first row."""
_NUM_SHADES = 16
_UP, _ZERO, _DOWN = (11, 98, 164), (252, 251, 248), (180, 83, 10)
_STYLE = """
.heat-map { background: #fcfbf8;
  font: 11px system-ui, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
.heat-map text { fill: #1d2126; } .heat-map .soft { fill: #5d646c; }
.heat-map .head { font-size: 15px; font-weight: 600; }
.heat-map .letter { font: 9px ui-monospace, Menlo, "Liberation Mono", monospace; }
.heat-map .own { fill: none; stroke: #1d2126; stroke-width: 2.6; stroke-linecap: round; }
.heat-map .frame { fill: none; stroke: #cfcabd; } .heat-map .grid { stroke: #8a9097; stroke-width: 0.6; }
"""


@runtime_checkable
class Substitutions(Protocol):
    """Scores of all substitutions, 0 in the column of the residue itself, and their mean per residue."""

    @property
    def letters(self) -> str:
        """The wild type."""

    @property
    def score(self) -> Float[np.ndarray, "residue 20"]:
        """A score per residue and letter."""

    @property
    def first_number(self) -> int:
        """The number of the first residue."""

    @property
    def mean(self) -> Float[np.ndarray, " residue"]:
        """The mean over the 19 substitutions of each residue."""


def heat_map(scan: Substitutions, title: str, note: str) -> str:
    """Return the picture; a dot marks the residue itself, the strip above a line the mean of each residue."""
    largest = largest_shown(scan)
    num_lines = -(-len(scan.letters) // PER_LINE)
    width = max(_LEFT + min(len(scan.letters), PER_LINE) * _CELL + 24, 560.0)
    height = _TOP + num_lines * _HEIGHT
    parts = [text(_LEFT, 22, title, "head"), text(_LEFT, 40, note, "soft"), _legend(largest)]
    for number in range(num_lines):
        rows = range(number * PER_LINE, min((number + 1) * PER_LINE, len(scan.letters)))
        parts.append(_line_of(scan, rows, LAYOUT["top"] + number * _HEIGHT, largest))
    box: dict[str, str | float | int | None] = {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": width,
        "height": height, "role": "img", "aria-label": title, "class": "heat-map",
    }  # fmt: skip
    return tag("svg", box, tag("style", None, Markup(_STYLE)), *parts) + "\n"


def largest_shown(scan: Substitutions) -> float:
    """Return the score that has the strongest shade: the 99th percentile of the sizes of all scores but 0."""
    sizes = np.abs(scan.score[scan.score != 0])
    return float(np.quantile(sizes, 0.99)) if sizes.size else 1.0


def shade_colours() -> Mapping[int, str]:
    """Return the colour of each shade, from -16 (lowers most) over 0 to 16."""
    return {shade: _colour(shade / _NUM_SHADES) for shade in range(-_NUM_SHADES, _NUM_SHADES + 1)}


def _colour(share: float) -> str:
    end = _UP if share > 0 else _DOWN
    # A power below 1 sets small changes off from none.
    part = abs(share) ** 0.8
    return "#" + "".join(f"{round(zero + (one - zero) * part):02x}" for zero, one in zip(_ZERO, end, strict=True))


def _shade(value: float, largest: float) -> int:
    return int(np.clip(round(value / largest * _NUM_SHADES), -_NUM_SHADES, _NUM_SHADES))


def _line_of(scan: Substitutions, rows: range, top: float, largest: float) -> Markup:
    """Return the cells of a stretch of residues with its letters and numbers."""
    squares: dict[int, list[str]] = defaultdict(list)
    own: list[str] = []
    for place, row in enumerate(rows):
        x = _LEFT + place * _CELL
        for level, letter in enumerate(BY_CHEMISTRY):
            y = top + level * _CELL
            if letter == scan.letters[row]:
                own.append(f"M{x + _CELL / 2:g} {y + _CELL / 2:g}h0")
            else:
                shade = _shade(float(scan.score[row, STANDARD_LETTERS.index(letter)]), largest)
                squares[shade].append(_square(x, y, _CELL))
        squares[_shade(float(scan.mean[row]), largest)].append(_square(x, top - LAYOUT["lift"], _CELL, _STRIP))
    colours = shade_colours()
    parts = [tag("path", {"fill": colours[shade], "d": "".join(squares[shade])}) for shade in sorted(squares)]
    bottom = top + len(BY_CHEMISTRY) * _CELL
    frame: dict[str, str | float | int | None] = {
        "x": _LEFT,
        "y": top,
        "width": len(rows) * _CELL,
        "height": bottom - top,
        "class": "frame",
    }
    parts += [tag("path", {"class": "own", "d": "".join(own)}), tag("rect", frame)]
    parts.append(text(_LEFT - 8, top - _STRIP + 2, "mean", "soft", "end"))
    parts += [
        text(_LEFT - 10, top + level * _CELL + 9, letter, "letter", "middle")
        for level, letter in enumerate(BY_CHEMISTRY)
    ]
    for place, row in enumerate(rows):
        middle = _LEFT + (place + 0.5) * _CELL
        parts.append(text(middle, bottom + 12, scan.letters[row], "letter", "middle"))
        number = row + scan.first_number
        if number % 10 == 0 or place == 0:
            parts += [line(middle, bottom + 15, middle, bottom + 18, "grid")]
            parts += [text(middle, bottom + 29, str(number), "soft", "middle")]
    return joined(parts)


def _square(x: float, y: float, width: float, height: float = _CELL) -> str:
    return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"


def _legend(largest: float) -> Markup:
    """Return the shades in a row with the scores of its ends."""
    colours, width, top = shade_colours(), 6.0, 54.0
    parts = [text(_LEFT, top + 9, f"-{largest:.3g} or less", "soft")]
    start = _LEFT + 100
    parts += [
        tag("path", {"fill": colour, "d": _square(start + place * width, top, width, 10.0)})
        for place, colour in enumerate(colours.values())
    ]
    end = start + len(colours) * width
    parts.append(text(end + 8, top + 9, f"+{largest:.3g} or more", "soft"))
    parts.append(tag("path", {"class": "own", "d": f"M{end + 112:g} {top + 5:g}h0"}))
    parts.append(text(end + 120, top + 9, "the residue itself", "soft"))
    return joined(parts)
