"""The leaderboard in a terminal."""

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from protea.benchmark.report.build import Report
from protea.benchmark.report.tables import Entry, leaderboard_table

__all__ = ["render_terminal"]

_STYLE = {
    "better": "bold blue", "worse": "yellow", "invalid": "magenta", "missing": "dim", "short": "yellow",
    "reference": "bold",
}  # fmt: skip
_WIDE, _NARROW = 135, 115
"""Fewer columns than the first: no interval and mean rank; than the second: no p and no spreads either."""
_LEFT_OUT = {_WIDE: {2, 6}, _NARROW: {4}}


def render_terminal(report: Report, console: Console) -> None:
    """Print the leaderboard and the finding to a console."""
    table = leaderboard_table(report.columns, report.board)
    left_out = set().union(*(places for width, places in _LEFT_OUT.items() if console.width < width))
    chosen = [place for place in range(len(table.heads)) if place not in left_out]
    is_narrow = console.width < _NARROW
    shown = RichTable(title=report.title, title_justify="left", title_style="bold", header_style="dim", box=None,
                      pad_edge=False)  # fmt: skip
    for place in chosen:
        head = table.heads[place]
        shown.add_column(head.text, justify="right" if head.is_number else "left", no_wrap=True)
    for kind, row in zip(table.kinds, table.rows, strict=True):
        style = {"control": "italic", "invalid": "dim", "absent": "dim"}.get(kind, "")
        shown.add_row(*(_text(row[place], place == 0 or not is_narrow) for place in chosen), style=style)
    console.print(shown)
    console.print()
    console.print(Text(report.finding))
    for problem in report.problems:
        if problem.state == "failed":
            console.print(Text(f"failed: {problem.name}: {problem.reason}", style="magenta"))
    for matrix in report.matrices:
        if found := matrix.unexpected():
            console.print(Text(f"not as stated: {matrix.name.replace('_', ' ')}: {', '.join(found)}", style="magenta"))


def _text(entry: Entry, has_minor: bool) -> Text:
    text = Text(entry.text, style=_STYLE.get(entry.kind, ""))
    if entry.minor and has_minor:
        text.append(f" {entry.minor}", style="dim")
    return text
