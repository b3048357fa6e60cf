"""JSON and tables on stdout, progress on stderr."""

import json
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["print_json", "print_table", "say", "stdout_console"]


def stdout_console() -> Console:
    """Return a console on the present stdout; text that is piped keeps its lines whole."""
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, 200))


def print_json(value: Any) -> None:
    """Write one JSON value; a number that JSON cannot hold is an error, not an invalid file."""
    typer.echo(json.dumps(value, indent=1, allow_nan=False))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: frozenset[str] = frozenset()) -> None:
    """Write a table; columns in `numbers` stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in heads:
        table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(item) for item in row))
    stdout_console().print(table)


def say(line: str) -> None:
    """Write a line of progress to stderr."""
    typer.echo(line, err=True)
