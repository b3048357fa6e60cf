"""`protea prompts ablate`: tasks under no prompt, each, all, and wrong ones."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, ThreadsOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json

__all__ = ["ablate"]


def ablate(
    runs: Annotated[list[Path], typer.Argument(help="Folders of `protea prompts inject`: one, or one per seed.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for ablation.md, ablation.csv, ablation.json.")
    ] = None,
    task: Annotated[list[str] | None, typer.Option("--task", help="Only this task; repeat for more.")] = None,
    resamples: Annotated[int, typer.Option("--resamples", min=2, help="Resamples of proteins.")] = 1000,
    cache: CacheOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Judge each task on its test part under no prompt, each prompt alone, all, and its own; nothing is trained.

    Exit codes: 0 done; 2 no such run or task, runs of different injections, or data that have changed.
    """
    from dataclasses import asdict

    from protea.applications.prompts.ablation import ablate as ablate_runs
    from protea.applications.prompts.ablation import summary
    from protea.applications.prompts.ablation_report import markdown_table, write_ablation
    from protea.training.loop import arithmetic

    require_folder("--out", out)
    with arithmetic(threads):
        rows = ablate_runs(runs, cache_folder(cache), task or (), num_resamples=resamples)
    files = [] if out is None else [str(path) for path in write_ablation(rows, out)]
    if json:
        print_json({"rows": [asdict(row) for row in rows], "summary": [asdict(row) for row in summary(rows)],
                    "files": files})  # fmt: skip
        return
    typer.echo(markdown_table(summary(rows)), nl=False)
    for path in files:
        typer.echo(path)
