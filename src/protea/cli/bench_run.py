"""`protea bench run`: a grid of runs, then its report."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say, stdout_console

if TYPE_CHECKING:
    from protea.benchmark.collection.config import CollectionConfig

__all__ = ["run", "run_whole_collection"]


def run(
    suite: Annotated[str, typer.Argument(help="Name of a suite or a collection, or a YAML file of one.")],
    profile: Annotated[
        str | None, typer.Option(help="Ready grid of the suite; needless where there is only one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the grid; `runs/<suite>-<profile>` if not given.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Cells at a time.")] = 2,
    hours: Annotated[float | None, typer.Option(min=0, help="Start no new cell after this time.")] = None,
    overrides: SetOption = None,
    cache: CacheOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Train every cell of a grid that has no result yet, then write the report.

    A collection (such as `proteinworkshop`) is many grids and the pretraining that they start from.

    Stop it whenever you like: finished cells are kept, and the same command goes on with the others.

    Exit codes: 0 done, or time is up; 1 a cell failed (it is named); 2 wrong configuration or data.
    """
    from protea.benchmark.cell import CellFiles
    from protea.benchmark.collection.named import is_collection, named_collection
    from protea.benchmark.named_grids import named_grid
    from protea.benchmark.report.terminal import render_terminal
    from protea.benchmark.report.write import build_report
    from protea.benchmark.runner import GridRun, cell_folder

    folder = out or Path("runs") / "-".join(filter(None, (Path(suite).stem, profile)))
    require_folder("--out", folder)
    until = None if hours is None else time.monotonic() + 3600 * hours
    if is_collection(suite):
        run_whole_collection(
            named_collection(suite, profile, overrides), folder, cache_folder(cache), workers, until, dry_run, json
        )
        return
    grid = named_grid(suite, profile, overrides)
    if dry_run:
        cells = list(grid.cells())
        missing = [cell.name for cell in cells if not CellFiles(cell_folder(folder, cell)).is_finished()]
        if json:
            print_json({"out": str(folder), "cells": len(cells), "missing": missing})
        else:
            typer.echo("\n".join([f"{len(missing)} of {len(cells)} cells would be run in {folder}", *missing]))
        return
    grid_run = GridRun(grid, folder, cache_folder(cache))
    failures = grid_run.run(workers, say, until)
    report = build_report(folder, grid, grid_run.data, folder / "report")
    if json:
        print_json(
            {
                "out": str(folder),
                "page": str(folder / "report" / "index.html"),
                "finding": report.finding,
                "failed": {failure.name: failure.error for failure in failures},
                "missing": [cell.name for cell in grid_run.missing()],
            }
        )
    else:
        render_terminal(report, stdout_console())
        typer.echo(f"page: {folder / 'report' / 'index.html'}")
    for failure in failures:
        say(f"failed: {failure.name}: {failure.error}")
    if failures:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))


def run_whole_collection(
    config: "CollectionConfig", folder: Path, cache: Path, workers: int, until: float | None, dry_run: bool, json: bool
) -> None:
    """Run what a collection lacks, write its tables, and tell where they are; the exit codes are those of `run`."""
    from protea.benchmark.collection.page import build_reports, write_collection
    from protea.benchmark.collection.run import missing_work, run_collection

    if dry_run:
        waiting = missing_work(config, folder)
        if json:
            print_json({"out": str(folder), "missing": waiting})
        else:
            typer.echo("\n".join(f"{number} runs of {name}" for name, number in waiting.items()))
        return
    failures = run_collection(config, folder, cache, workers, say, until)
    write_collection(config, folder, build_reports(config, folder, cache), folder / "report")
    page = folder / "report" / "index.html"
    if json:
        failed = {failure.name: failure.error for failure in failures}
        print_json({"out": str(folder), "page": str(page), "failed": failed, "missing": missing_work(config, folder)})
    else:
        typer.echo((folder / "report" / "tables.md").read_text(encoding="utf-8"))
        typer.echo(f"page: {page}")
    for failure in failures:
        say(f"failed: {failure.name}: {failure.error}")
    if failures:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))
