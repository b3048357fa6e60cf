"""`protea properties acquire`: strategies of choosing what to measure next, played on measured sets."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, SetOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["acquire"]


def acquire(
    names: Annotated[list[str], typer.Argument(help="Properties by name, or YAMLs of some: measured sets.")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[Path, typer.Option("--out", help="Markdown page that is written, with a CSV beside it.")],
    overrides: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Play active learning on measured sets: random, greedy, uncertainty, expected improvement, Thompson draws.

    Sizes are settings of an AcquisitionConfig: `--set num_pool=1500 --set num_rounds=5 --set batch_size=20`.

    Exit codes: 0 done; 2 a table that cannot be read, a property that is no number, or fewer examples than the pool.
    """
    from protea.applications.properties.few_labels.active_learning import AcquisitionConfig, run_acquisition
    from protea.applications.properties.few_labels.active_learning_report import acquisition_markdown, write_acquisition
    from protea.applications.properties.labels.catalogue import property_named
    from protea.config import apply_overrides, parse_config

    require_apart({"--out": out, ".csv beside --out": out.with_suffix(".csv")}, [*names])
    config = parse_config(AcquisitionConfig, apply_overrides({}, overrides or []), where="--set")
    properties = {item.name: item for item in map(property_named, names)}
    rows = [row for item in properties.values() for row in run_acquisition(item, item.examples(data), config, say)]
    command = f"protea properties acquire {' '.join(names)} --data {data} --out {out}"
    command += "".join(f" --set {one}" for one in overrides or ())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(acquisition_markdown(properties, rows, config, command), encoding="utf-8")
    write_acquisition(rows, out.with_suffix(".csv"))
    if json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        typer.echo(f"{len(rows)} rows: {out}")
