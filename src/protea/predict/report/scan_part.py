"""What every substitution changes, as a heat map with the strongest in words below it."""

import numpy as np
from jaxtyping import Float

from protea.applications.variants.heat_map import BY_CHEMISTRY, LAYOUT, heat_map
from protea.benchmark.report.markup import Markup, joined, tag
from protea.predict.answer import ProteinAnswers, SubstitutionScan
from protea.predict.report.cards import rounded
from protea.predict.report.structure_view import safe_json
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["scan_parts"]

_NUM_LISTED = 8


def scan_parts(protein: ProteinAnswers) -> list[Markup]:
    """Return a part per scan of a protein."""
    return [_part(protein, scan) for scan in protein.scans]


def _part(protein: ProteinAnswers, scan: SubstitutionScan) -> Markup:
    unit = f" {scan.unit}" if scan.unit else ""
    title = f"What substitutions change: {scan.title}"
    has_width = bool(np.isfinite(scan.width).any())
    widths = (
        f" Intervals of mutants are {rounded(float(np.nanmedian(scan.width)))}{unit} wide (median)."
        if has_width
        else ""
    )
    note = f"{scan.asked}: {rounded(scan.value)}{unit} for the wild type; numbered from 1 along the sequence"
    words = (
        f"All {_num_asked(scan):,} substitutions through the predictor, one at a time.{widths} A change much "
        "smaller than the interval says nothing about the protein; it says what this model looks at."
    )
    picture = tag(
        "div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": f"{title}; scroll sideways"},
        Markup(heat_map(scan, f"{title}, {protein.id}", note)),
    )  # fmt: skip
    return tag(
        "section", {"class": "scan", "data-scan": scan.name},
        tag("h3", {"class": "along"}, title),
        tag("p", {"class": "length"}, words),
        tag("p", {"class": "tools"}, tag("output", {"class": "cell"}, "Point at a square to read it.")),
        picture,
        tag("div", {"class": "lists"}, *_lists(scan)),
        tag("script", {"type": "application/json", "class": "data"}, _data(scan)),
    )  # fmt: skip


def _num_asked(scan: SubstitutionScan) -> int:
    """Return how many substitutions there are: 19 of a standard letter, 20 of any other."""
    return sum(letter != own for own in scan.letters for letter in STANDARD_LETTERS)


def _lists(scan: SubstitutionScan) -> list[Markup]:
    """Return the strongest changes and the residues that mind most, in words."""
    found = [
        (f"{own}{row + scan.first_number}{letter}", float(scan.score[row, column]))
        for row, own in enumerate(scan.letters)
        for column, letter in enumerate(STANDARD_LETTERS)
        if letter != own
    ]
    ordered = sorted(found, key=lambda one: one[1])
    means = sorted(
        ((f"{own}{row + scan.first_number}", float(scan.mean[row])) for row, own in enumerate(scan.letters)),
        key=lambda one: -abs(one[1]),
    )
    return [
        _list("Raised most", ordered[::-1][:_NUM_LISTED]),
        _list("Lowered most", ordered[:_NUM_LISTED]),
        _list("Residues that mind most (mean)", means[:_NUM_LISTED]),
    ]


def _list(title: str, items: list[tuple[str, float]]) -> Markup:
    rows = joined(
        tag("tr", None, tag("th", {"scope": "row"}, name), tag("td", None, _signed(change))) for name, change in items
    )
    return tag("table", None, tag("caption", None, title), rows)


def _signed(change: float) -> str:
    return rounded(change) if change <= 0 else f"+{rounded(change)}"


def _data(scan: SubstitutionScan) -> Markup:
    return safe_json(
        {
            "letters": scan.letters, "first": scan.first_number, "columns": STANDARD_LETTERS, "rows": BY_CHEMISTRY,
            "layout": dict(LAYOUT), "unit": scan.unit,
            "change": _figures(scan.score), "width": _figures(scan.width),
        }
    )  # fmt: skip


def _figures(table: Float[np.ndarray, "residue 20"]) -> list[list[float | None]]:
    """Return three significant figures of each number, and None where there is none."""
    return [[float(f"{one:.3g}") if np.isfinite(one) else None for one in row] for row in table.tolist()]
