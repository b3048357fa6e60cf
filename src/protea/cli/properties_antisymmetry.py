"""`protea properties antisymmetry`: changes predicted in both directions."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["antisymmetry"]


def antisymmetry(
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[Path, typer.Option("--out", help="Markdown page that is written, and .csv beside it.")],
    name: Annotated[
        str, typer.Option("--property", help="A property of variants by name, or a YAML of one.")
    ] = "stability_change",
    structures: Annotated[
        list[Path] | None,
        typer.Option("--structures", help="Folder or archive of structures by PDB entry, for burial. Repeatable."),
    ] = None,
    given: Annotated[
        list[Path] | None,
        typer.Option("--given", help="CSV of another tool's predictions: id (1PGA:M1A), direct, reverse. Repeatable."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds of the split: 0, 1, ...")] = 3,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Judge models of mutations in both directions: learned directly, from both, and antisymmetric by construction.

    Exit codes: 0 done; 2 a table that cannot be read, or a property that is no change of variants.
    """
    from protea.applications.properties.changes.antisymmetry import run_antisymmetry
    from protea.applications.properties.changes.antisymmetry_report import antisymmetry_csv, antisymmetry_report
    from protea.applications.properties.changes.given_changes import read_given_changes
    from protea.applications.properties.labels.catalogue import property_named

    read = [name, *(structures or ()), *(given or ())]
    require_apart({"--out": out, ".csv beside --out": out.with_suffix(".csv")}, read)
    item = property_named(name)
    tools = [read_given_changes(path) for path in given or ()]
    rows = run_antisymmetry(item, data, structures or [], cache_folder(cache), range(seeds), say, tools)
    chosen = "".join(f" --structures {path}" for path in structures or ())
    chosen += "".join(f" --given {path}" for path in given or ())
    command = f"protea properties antisymmetry --data {data} --out {out} --property {name}{chosen} --seeds {seeds}"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(antisymmetry_report(rows, item, command), encoding="utf-8")
    out.with_suffix(".csv").write_text(antisymmetry_csv(rows), encoding="utf-8")
    if json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        typer.echo(f"{len(rows)} rows: {out}")
