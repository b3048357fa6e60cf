"""What a command did without: told by name, and an exit code of its own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.printing import say

if TYPE_CHECKING:
    from protea.datasets.stored_embeddings import Refusal

__all__ = ["end_if_refused", "tell_refused"]


def tell_refused(refused: "Sequence[Refusal]") -> None:
    """Say on stderr what was refused, and why."""
    for one in refused:
        say(f"refused {one.name}: {one.reason}")


def end_if_refused(refused: "Sequence[Refusal]") -> None:
    """End the command with 1 where anything was refused."""
    if refused:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))
