"""`protea variants intervals`: whether intervals of supervised models cover what they say, also at new positions."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, SetOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["intervals"]


def intervals(
    config: Annotated[Path, typer.Argument(help="YAML of an IntervalCheckConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the tables that the configuration names.")],
    out: Annotated[Path, typer.Option("--out", help="Markdown page to write.")],
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Judge intervals of supervised variant models before and after conformal calibration, on two tests per scan.

    Variants at positions that were learned from are like the calibration variants; variants at new positions are not.

    Exit codes: 0 done; 2 a table that cannot be read, or variants with several mutations.
    """
    from protea.applications.variants.interval_check import IntervalCheckConfig, check_intervals
    from protea.applications.variants.interval_report import interval_markdown, plain_rows
    from protea.applications.variants.measured_scan import read_scan, read_wild_types
    from protea.config import load_config

    require_apart({"--out": out}, [config])
    settings = load_config(IntervalCheckConfig, config, set_)
    wild_types = read_wild_types(data / settings.wild_types)
    rows = []
    for scan_config in settings.scans:
        scan = read_scan(scan_config, data, wild_types)
        for model in settings.models:
            if not model.only or scan.name in model.only:
                say(f"{scan.name}: {model.name}")
                rows += check_intervals(scan, model, settings.level, settings.seed)
    rows.sort(key=lambda row: (row.scan, row.test))
    out.parent.mkdir(parents=True, exist_ok=True)
    command = f"protea variants intervals {config} --data {data} --out {out}"
    out.write_text(interval_markdown(rows, settings.level, command), encoding="utf-8")
    if json:
        print_json(plain_rows(rows))
    else:
        typer.echo(str(out))
