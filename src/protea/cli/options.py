"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CacheOption", "DryRunOption", "JsonOption", "SetOption", "cache_folder"]

JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON value to stdout, and nothing else.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="A.B=C", help="Change a setting; the value is read as YAML. Repeatable."),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache", envvar="PROTEA_CACHE", help="Where stores are kept; `.cache/protea` in your home if not given."
    ),
]


def cache_folder(given: Path | None) -> Path:
    """Return where stores are kept."""
    return Path.home() / ".cache" / "protea" if given is None else given
