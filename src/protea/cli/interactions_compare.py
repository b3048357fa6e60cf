"""`protea interactions compare`: interaction models and controls on splits of one network."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["compare"]


def compare(
    config: Annotated[Path, typer.Argument(help="YAML of an InteractionComparisonConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the tables that the configuration names.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the cells, the page and the table; resumed if there.")],
    report_only: Annotated[bool, typer.Option("--report-only", help="Run nothing; report what is finished.")] = False,
    threads: ThreadsOption = 1,
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Fit models and controls to a network, and write one table; finished cells are kept.

    Thresholds are chosen on validation pairs, drawn as the test pairs are. The controls read no sequence: what does not
    beat them has learned nothing from one.

    Exit codes: 0 done; 2 a table that cannot be read, or a finished cell of other data or settings.
    """
    from protea.applications.interactions.comparison import InteractionComparisonConfig, run_interaction_comparison
    from protea.applications.interactions.comparison_report import write_interaction_comparison
    from protea.config import load_config
    from protea.training.loop import arithmetic

    require_folder("--out", out)
    settings = load_config(InteractionComparisonConfig, config, set_)
    with arithmetic(threads):
        cells = run_interaction_comparison(settings, data, out, say, report_only)
    write_interaction_comparison(settings, cells, data, out)
    if json:
        print_json(cells)
    else:
        typer.echo(f"{len(cells)} cells: {out / 'report.md'}")
