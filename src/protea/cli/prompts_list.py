"""`protea prompts list`: the prompts of a run and where they come from."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json

__all__ = ["list_prompts"]


def list_prompts(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    json: JsonOption = False,
) -> None:
    """List prompts with their provenance: what they started from, tasks, data, steps, digest of the row.

    Exit codes: 0 done; 2 no such run, no prompts, or a row that is not the one that was recorded.
    """
    from protea.applications.prompts.provenance import prompts_of_run
    from protea.benchmark.trained import load_run

    found = prompts_of_run(load_run(run))
    if json:
        print_json([asdict(record) for record in found])
        return
    for record in found:
        typer.echo(f"{record.name}: from {record.initialisation}, row {record.row_sha256[:12]}")
        if not record.tasks:
            typer.echo("  nothing is recorded of its training")
        for name, task in record.tasks.items():
            typer.echo(
                f"  {name}: {task['objective']} on {task['data']} {task['fingerprint'][:12]}, weight {task['weight']:g}"
            )
        if record.tasks:
            frozen = "frozen" if record.backbone_was_frozen else "trained"
            typer.echo(
                f"  {record.steps} steps, seed {record.seed}, into {record.started_from} ({frozen}); "
                f"{record.left_out} proteins left out"
            )
