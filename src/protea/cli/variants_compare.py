"""`protea variants compare`: supervised variant models on measured scans."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, SetOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["compare"]


def compare(
    config: Annotated[Path, typer.Argument(help="YAML of a VariantComparisonConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the tables that the configuration names.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the cells, the page and the table; resumed if there.")],
    report_only: Annotated[bool, typer.Option("--report-only", help="Run nothing; report what is finished.")] = False,
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Fit supervised models to measured variants on hard splits, and write one table; finished cells are kept.

    Exit codes: 0 done; 2 a table that cannot be read, or a finished cell of other data or settings.
    """
    from protea.applications.variants.comparison import VariantComparisonConfig, run_comparison
    from protea.applications.variants.comparison_report import write_comparison
    from protea.config import load_config

    require_folder("--out", out)
    settings = load_config(VariantComparisonConfig, config, set_)
    cells = run_comparison(settings, data, out, say, report_only)
    write_comparison(settings, cells, out)
    if json:
        print_json(cells)
    else:
        typer.echo(f"{len(cells)} cells: {out / 'report.md'}")
