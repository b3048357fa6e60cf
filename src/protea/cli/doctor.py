"""`protea doctor`: what this installation can do."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.printing import print_json, print_table

__all__ = ["doctor"]


def doctor(
    cache: CacheOption = None,
    shared: Annotated[Path, typer.Option(help="Folder of shared real data, which may be absent.")] = Path("../shared"),
    json: JsonOption = False,
) -> None:
    """Look at interpreter, torch, devices, MMseqs2, extras, shared data, and whether the cache can be written.

    Exit codes: 0 everything that Protea needs is there; 1 something is not (the table says what to do).
    """
    from protea.benchmark.environment import examine

    findings = examine(cache_folder(cache), shared)
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = [
            (item.name, item.found, "ok" if item.is_good else ("MISSING" if item.is_needed else "absent"), item.advice)
            for item in findings
        ]
        print_table(("what", "found", "", "what to do"), rows)
    if any(item.is_needed and not item.is_good for item in findings):
        raise typer.Exit(int(ExitCode.CHECK_FAILED))
