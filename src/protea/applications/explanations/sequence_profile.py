"""Signed values along a sequence as an SVG file of its own: a bar and a letter per residue, a hundred per line."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from protea.benchmark.report.figures.axes import line, text
from protea.benchmark.report.markup import Markup, joined, tag
from protea.protein.record import Protein

__all__ = ["sequence_profile"]

_PER_LINE, _STEP, _HALF, _LEFT, _TOP, _BETWEEN = 100, 10.0, 46.0, 64.0, 58.0, 48.0
_STYLE = """
svg { background: #fcfbf8; font: 11px system-ui, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
text { fill: #1d2126; } .soft { fill: #5d646c; } .head { font-size: 15px; font-weight: 600; }
.letter { font: 9px ui-monospace, Menlo, "Liberation Mono", monospace; }
.up { fill: #0b62a4; } .down { fill: #b4530a; } .grid { stroke: #e3e0d8; } .zero { stroke: #8a9097; }
.break { stroke: #1d2126; stroke-dasharray: 2 2; }
.absent { opacity: 0.35; }
"""


def sequence_profile(
    protein: Protein, value: Float[np.ndarray, " residue"], has_ca: Bool[np.ndarray, " residue"], title: str, note: str
) -> str:
    """Return the picture: bars up (blue) for what raises the prediction, down (orange) for what lowers it.

    All lines share one scale. Residues without CA are faint; a dashed line stands where another chain begins.
    """
    num_lines = -(-len(protein) // _PER_LINE)
    largest = float(np.abs(value).max()) or 1.0
    width = _LEFT + _PER_LINE * _STEP + 16
    height = _TOP + num_lines * (2 * _HALF + _BETWEEN)
    parts = [text(_LEFT, 22, title, "head"), text(_LEFT, 40, note, "soft")]
    for number in range(num_lines):
        middle = _TOP + number * (2 * _HALF + _BETWEEN) + _HALF
        rows = range(number * _PER_LINE, min((number + 1) * _PER_LINE, len(protein)))
        parts.append(_line_of(protein, value, has_ca, rows, middle, largest))
    box: dict[str, str | float | int | None] = {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": width,
        "height": height, "role": "img", "aria-label": title,
    }  # fmt: skip
    return tag("svg", box, tag("style", None, Markup(_STYLE)), *parts) + "\n"


def _line_of(
    protein: Protein, value: np.ndarray, has_ca: np.ndarray, rows: Sequence[int], middle: float, largest: float
) -> Markup:
    end = _LEFT + len(rows) * _STEP
    parts = [line(_LEFT, middle, end, middle, "zero")]
    for sign in (-1, 1):
        y = middle - sign * _HALF
        parts += [line(_LEFT, y, end, y, "grid"), text(_LEFT - 6, y + 4, f"{sign * largest:+.3g}", "soft", "end")]
    for place, row in enumerate(rows):
        x = _LEFT + place * _STEP
        chain, number = protein.chain_ids[protein.chain_of[row]], f"{protein.author_number[row]}"
        hint = f"{protein.sequence[row]} {chain}:{number}{protein.insertion_code[row]}  {value[row]:+.4g}"
        size = abs(float(value[row])) / largest * _HALF
        top = middle - size if value[row] > 0 else middle
        kind = ("up" if value[row] > 0 else "down") + ("" if has_ca[row] else " absent")
        bar: dict[str, str | float | int | None] = {
            "x": x + 1.5,
            "y": top,
            "width": _STEP - 3,
            "height": size,
            "class": kind,
        }
        parts.append(tag("rect", bar, tag("title", None, hint)))
        parts.append(text(x + _STEP / 2, middle + _HALF + 13, protein.sequence[row], "letter", "middle"))
        if place % 10 == 0:
            parts.append(text(x + _STEP / 2, middle + _HALF + 27, f"{chain}:{number}", "soft", "middle"))
        if row and protein.chain_of[row] != protein.chain_of[row - 1]:
            parts.append(line(x, middle - _HALF, x, middle + _HALF, "break"))
    return joined(parts)
