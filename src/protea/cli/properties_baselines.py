"""`protea properties baselines`: what cheap columns reach beside their controls."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["baselines"]


def baselines(
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[Path, typer.Option("--out", help="Markdown page that is written.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A property by name, or a YAML of one. Repeatable; none: all.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds of the split: 0, 1, ...")] = 3,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Judge ridge and logistic regression on cheap columns beside the trivial and the nearest answer.

    Exit codes: 0 done; 2 a table that cannot be read, or a property of residues.
    """
    from protea.applications.properties.cheap.baseline_report import baseline_report
    from protea.applications.properties.cheap.baselines import run_baselines
    from protea.applications.properties.labels.catalogue import BUILT_IN, property_named

    require_apart({"--out": out}, only or ())
    names = only or [name for name, item in BUILT_IN.items() if item.level != "residue"]
    properties = {item.name: item for item in map(property_named, names)}
    rows = run_baselines(list(properties.values()), data, cache_folder(cache), range(seeds), say)
    chosen = "".join(f" --only {name}" for name in only or ())
    command = f"protea properties baselines --data {data} --out {out}{chosen} --seeds {seeds}"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(baseline_report(rows, properties, command), encoding="utf-8")
    if json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        typer.echo(f"{len(rows)} rows: {out}")
