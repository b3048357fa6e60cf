"""`protea bench report`: the report of a grid that was run."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, stdout_console

__all__ = ["report"]


def report(
    grid_dir: Annotated[Path, typer.Argument(help="Folder of a grid or a collection, as `protea bench run` makes it.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the report; `report` in the grid's if not given.")
    ] = None,
    resamples: Annotated[int | None, typer.Option(min=2, help="Bootstrap resamples.")] = None,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Write the report of a grid (Markdown, CSV, one HTML page) and print its leaderboard; nothing is trained.

    Exit codes: 0 done (cells without a result are named in the report); 2 no such grid, or its data are absent.
    """
    from protea.benchmark.collection.config import CollectionConfig
    from protea.benchmark.collection.named import SAVED
    from protea.benchmark.collection.page import build_reports, write_collection
    from protea.benchmark.collection.run import missing_work
    from protea.benchmark.grid import GridConfig
    from protea.benchmark.report.terminal import render_terminal
    from protea.benchmark.report.write import build_report
    from protea.config import load_config

    folder = out or grid_dir / "report"
    require_folder("--out", folder)
    if (grid_dir / SAVED).exists():
        collection = load_config(CollectionConfig, grid_dir / SAVED)
        reports = build_reports(collection, grid_dir, cache_folder(cache), resamples)
        write_collection(collection, grid_dir, reports, folder)
        if json:
            print_json({"page": str(folder / "index.html"), "missing": missing_work(collection, grid_dir)})
        else:
            typer.echo((folder / "tables.md").read_text(encoding="utf-8"))
            typer.echo(f"page: {folder / 'index.html'}")
        return
    grid = load_config(GridConfig, grid_dir / "grid.yaml")
    found = build_report(grid_dir, grid, grid.suite.prepare(cache_folder(cache)), folder, resamples)
    if json:
        problems = [
            {"cell": problem.name, "state": problem.state, "reason": problem.reason} for problem in found.problems
        ]
        print_json({"page": str(folder / "index.html"), "finding": found.finding, "problems": problems})
        return
    render_terminal(found, stdout_console())
    typer.echo(f"page: {folder / 'index.html'}")
