"""Tables of pairs in, with probabilities out; the map of residue pairs of one pair as CSV and as a picture."""

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from protea.benchmark.report.figures.axes import text
from protea.benchmark.report.markup import Markup, tag
from protea.datasets.opened_table import opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["map_csv", "map_picture", "predictions_csv", "read_pairs"]

_HEAD = re.compile(r"\s*[A-Za-z]+([ _-][A-Za-z]+)*[ _-]?[12]?\s*")
_CELL, _LEFT, _TOP, _MOST_CELLS = 6.0, 64.0, 60.0, 160
_STYLE = 'svg { background: #fcfbf8; font: 11px system-ui, "Segoe UI", Arial, sans-serif; } .soft { fill: #5d646c; }'


def read_pairs(path: Path, row_of: Mapping[str, int]) -> Int[np.ndarray, "pair 2"]:
    """Return the rows of the proteins of each line of a CSV file, whose first two columns name them.

    The first line is one of heads where its two cells are plain words (`protein_a`, `id2`) and no proteins; a mistyped
    accession is none. Blank lines are no lines.

    Raises:
        FileFormatError: if a line has fewer than two columns, or there is no line.
        InputError: if a protein is not among the sequences.
    """
    with opened_table(path) as handle:
        lines = [(number, cells) for number, cells in enumerate(csv.reader(handle, strict=True), start=1) if cells]
    if lines and not set(lines[0][1][:2]) & set(row_of) and all(map(_HEAD.fullmatch, lines[0][1][:2])):
        lines = lines[1:]
    if not lines:
        raise FileFormatError(describe("no pairs", where=str(path), expected="a line of heads and a pair per line"))
    rows = []
    for number, cells in lines:
        where = f"{path}, line {number}"
        if len(cells) < 2:
            raise FileFormatError(describe("not a pair", where=where, expected="two columns", found=str(len(cells))))
        for name in cells[:2]:
            if name not in row_of:
                raise InputError(
                    describe("a protein that is not among the sequences", where=where, found=name,
                             do="Add its sequence to the FASTA file.")
                )  # fmt: skip
        rows.append([row_of[name] for name in cells[:2]])
    return np.array(rows, np.int64)


def predictions_csv(
    ids: Sequence[str], pairs: Int[np.ndarray, "pair 2"], outputs: Sequence[str],
    probability: Float[np.ndarray, "pair output"], threshold: float,
) -> str:  # fmt: skip
    """Return a line per pair: both proteins, the probability of each output, and what is at or above the threshold."""
    text_of = StringIO()
    writer = csv.writer(text_of, lineterminator="\n")
    writer.writerow(["protein_a", "protein_b", *outputs, "predicted"])
    for (first, second), row in zip(pairs.tolist(), probability, strict=True):
        predicted = [name for name, value in zip(outputs, row, strict=True) if value >= threshold]
        writer.writerow([ids[first], ids[second], *(f"{value:.6f}" for value in row), " ".join(predicted)])
    return text_of.getvalue()


def map_csv(attention: Float[np.ndarray, "first second"], first: str, second: str) -> str:
    """Return the map of residue pairs with a line per residue of the first protein; residues as letter and number."""
    heads = ["residue", *(f"{letter}{number}" for number, letter in enumerate(second, start=1))]
    lines = [",".join(heads)]
    for number, (letter, row) in enumerate(zip(first, attention, strict=True), start=1):
        lines.append(",".join([f"{letter}{number}", *(f"{value:.6g}" for value in row)]))
    return "\n".join(lines) + "\n"


def map_picture(attention: Float[np.ndarray, "first second"], title: str, names: tuple[str, str]) -> str:
    """Return the map as SVG, the first protein down, the second across; long proteins are shown as means of blocks."""
    shown = _in_blocks(attention)
    largest = float(np.abs(shown).max()) or 1.0
    width = max(_LEFT + shown.shape[1] * _CELL + 20, 360.0)
    height = _TOP + shown.shape[0] * _CELL + 30
    cells = [
        tag("rect", {"x": _LEFT + column * _CELL, "y": _TOP + row * _CELL, "width": _CELL, "height": _CELL,
                     "fill": _colour(float(shown[row, column]) / largest)})
        for row in range(shown.shape[0])
        for column in range(shown.shape[1])
    ]  # fmt: skip
    note = f"down: {names[0]}, across: {names[1]}; blue above 0, orange below, full shade at {largest:.3g}"
    box: dict[str, str | float | int | None] = {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": width,
        "height": height, "role": "img", "aria-label": title,
    }  # fmt: skip
    parts = [tag("style", None, Markup(_STYLE)), text(_LEFT, 22, title, "head"), text(_LEFT, 42, note, "soft")]
    return tag("svg", box, *parts, *cells) + "\n"


def _in_blocks(values: Float[np.ndarray, "first second"]) -> Float[np.ndarray, "row column"]:
    for axis in (0, 1):
        size = -(-values.shape[axis] // _MOST_CELLS)
        starts = np.arange(0, values.shape[axis], size)
        counts = np.diff(np.append(starts, values.shape[axis]))
        total = np.add.reduceat(values, starts, axis=axis)
        values = total / (counts[:, None] if axis == 0 else counts[None])
    return values


def _colour(share: float) -> str:
    end = (11, 98, 164) if share > 0 else (180, 83, 10)
    mixed = [round(250 + (target - 250) * min(abs(share), 1.0)) for target in end]
    return f"#{mixed[0]:02x}{mixed[1]:02x}{mixed[2]:02x}"
