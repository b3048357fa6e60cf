"""A mutational scan as one self-contained HTML page: heat map, a score under the pointer, the variants in order.

Style, script and data stand inside; nothing is fetched.
"""

import json

import numpy as np

from protea.applications.variants.heat_map import BY_CHEMISTRY, LAYOUT, heat_map
from protea.applications.variants.scan import MutationalScan
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.page_frame import static_text, whole_page
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["scan_page"]

_NUM_LISTED = 20


def scan_page(scan: MutationalScan, title: str, note: str) -> str:
    """Return the page; `note` says which model and how."""
    find = tag("input", {"id": "find", "type": "search", "placeholder": "A24V", "aria-label": "Find a variant"})
    save = tag("button", {"id": "save", "type": "button"}, "Save as CSV")
    picture = tag("div", {"class": "wide", "id": "map"}, Markup(heat_map(scan, title, note)))
    hint = tag("div", {"id": "hint", "role": "status", "hidden": ""})
    style, script = (static_text(__package__, name) for name in ("scan.css", "scan.js"))
    return whole_page(
        title, style, script,
        tag("header", None, tag("h1", None, title), tag("p", None, note), tag("p", None, _summary(scan))),
        tag("p", {"class": "tools"}, Markup(str(find).removesuffix("</input>")), tag("output", {"id": "found"}), save),
        tag("figure", None, picture, hint),
        tag("main", None, _list("Raised most", _ordered(scan)[:_NUM_LISTED]),
            _list("Lowered most", _ordered(scan)[::-1][:_NUM_LISTED]), _residues(scan)),
        tag("script", {"id": "data", "type": "application/json"}, _data(scan)),
    )  # fmt: skip


def _summary(scan: MutationalScan) -> str:
    ordered = _ordered(scan)
    raised = sum(score > 0 for _, score in ordered)
    return (
        f"{len(scan.letters)} residues from number {scan.first_number}, {len(ordered):,} substitutions, of which the "
        f"model finds {raised:,} likelier than the wild type. A score is log p(new) - log p(old), natural logarithm."
    )


def _ordered(scan: MutationalScan) -> list[tuple[str, float]]:
    """Return all variants and scores, the highest score first."""
    found = [(str(row["variant"]), float(row[scan.method])) for row in scan.rows()]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _list(title: str, items: list[tuple[str, float]]) -> Markup:
    rows = joined(tag("tr", None, tag("td", None, name), tag("td", None, f"{score:+.2f}")) for name, score in items)
    return tag("section", None, tag("h2", None, title), tag("table", None, rows))


def _residues(scan: MutationalScan) -> Markup:
    """Return the residues that mind a substitution most."""
    order = np.argsort(scan.mean, kind="stable")[:_NUM_LISTED]
    items = [(f"{scan.letters[row]}{row + scan.first_number}", float(scan.mean[row])) for row in order]
    return _list("Residues that mind most (mean)", items)


def _data(scan: MutationalScan) -> Markup:
    """Return the scan as JSON that is safe inside a script element."""
    content = {
        "letters": scan.letters, "first": scan.first_number, "columns": STANDARD_LETTERS, "rows": BY_CHEMISTRY,
        "layout": dict(LAYOUT), "method": scan.method,
        "score": np.round(scan.score, 4).tolist(), "mean": np.round(scan.mean, 4).tolist(),
    }  # fmt: skip
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))
