"""What a suite says of its data (bullets, indented bullets, a table) as HTML."""

from collections.abc import Sequence
from itertools import groupby

from protea.benchmark.report.markup import Markup, joined, tag

__all__ = ["notes_html"]

_LONG = 15
"""A list with more lines is folded away."""


def notes_html(lines: Sequence[str]) -> Markup:
    """Return the lines as lists, tables and paragraphs; text in backticks as code."""
    parts = []
    for kind, group in groupby((line for line in lines if line.strip()), key=_kind):
        found = list(group)
        parts.append({"list": _list, "table": _table, "text": _paragraphs}[kind](found))
    return joined(parts)


def _kind(line: str) -> str:
    bare = line.lstrip()
    if bare.startswith("- "):
        return "list"
    return "table" if bare.startswith("|") else "text"


def _inline(text: str) -> Markup:
    pieces = text.split("`")
    return joined([tag("code", None, piece) if place % 2 else piece for place, piece in enumerate(pieces)])


def _list(lines: Sequence[str]) -> Markup:
    items = [
        tag("li", {"class": "deeper" if line.startswith(" ") else None}, _inline(line.lstrip()[2:])) for line in lines
    ]
    whole = tag("ul", {"class": "notes"}, *items)
    return whole if len(lines) <= _LONG else tag("details", None, tag("summary", None, f"{len(lines)} notes"), whole)


def _table(lines: Sequence[str]) -> Markup:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rows = [row for row in rows if not all(set(cell) <= set("-: ") and cell for cell in row)]
    head = tag("tr", None, *(tag("th", None, _inline(cell)) for cell in rows[0]))
    body = [tag("tr", None, *(tag("td", None, _inline(cell)) for cell in row)) for row in rows[1:]]
    whole = tag("table", {"class": "plain"}, tag("thead", None, head), tag("tbody", None, *body))
    return tag("div", {"class": "scroll"}, whole)


def _paragraphs(lines: Sequence[str]) -> Markup:
    return tag("p", None, _inline(" ".join(lines)))
