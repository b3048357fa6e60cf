"""A table of a report as HTML that a click on a heading sorts."""

from protea.benchmark.report.markup import Markup, tag
from protea.benchmark.report.tables import Entry, Head, Table

__all__ = ["table_html"]


def table_html(table: Table) -> Markup:
    """Return the table in a box of its own that scrolls sideways where the window is narrow."""
    heads = [_head(head) for head in table.heads]
    rows = []
    for kind, row in zip(table.kinds, table.rows, strict=True):
        cells = [_cell(entry, head) for entry, head in zip(row[1:], table.heads[1:], strict=True)]
        rows.append(tag("tr", {"class": kind}, _cell(row[0], table.heads[0], "th"), *cells))
    whole = tag("table", {"class": "sortable"}, tag("thead", None, tag("tr", None, *heads)), tag("tbody", None, *rows))
    return tag("div", {"class": "scroll", "tabindex": "0"}, whole)


def _head(head: Head) -> Markup:
    attributes = {"scope": "col", "class": "number" if head.is_number else None, "title": head.hint or None}
    return tag("th", attributes, tag("button", {"type": "button"}, head.text))


def _cell(entry: Entry, head: Head, name: str = "td") -> Markup:
    kinds = " ".join(kind for kind in (entry.kind, "number" if head.is_number else "") if kind)
    sort = entry.sort if entry.sort is not None else ""
    attributes = {
        "class": kinds or None,
        "data-sort": repr(sort) if isinstance(sort, float) else str(sort) or None,
        "title": entry.hint or None,
        "scope": "row" if name == "th" else None,
    }
    minor = (tag("small", None, entry.minor),) if entry.minor else ()
    return tag(name, attributes, tag("span", None, entry.text), *minor)
