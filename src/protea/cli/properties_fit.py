"""`protea properties fit`: a predictor of many properties, and its controls."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, SetOption, cache_folder
from protea.cli.printing import print_json, say

__all__ = ["fit"]


def fit(
    config: Annotated[Path, typer.Argument(help="YAML of a MultiTaskConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder of the trainings, the predictor and the page; resumed if there.")
    ],
    cache: CacheOption = None,
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Train one encoder on all properties and one on each, and tell what company changed.

    Exit codes: 0 done; 2 a table that cannot be read, a property of variants, or a folder of other settings.
    """
    from protea.applications.properties.joint.column_answers import load_column_results
    from protea.applications.properties.joint.multi_task import MultiTaskConfig, fit_properties
    from protea.applications.properties.joint.multi_task_report import multi_task_report
    from protea.config import load_config

    settings = load_config(MultiTaskConfig, config, set_)
    results = fit_properties(settings, data, cache_folder(cache), out, say)
    changes = "".join(f" --set {one}" for one in set_ or ())
    command = f"protea properties fit {config} --data {data} --out {out}{changes}"
    page = multi_task_report(results, command, load_column_results(out))
    (out / "report.md").write_text(page, encoding="utf-8")
    if json:
        print_json(
            [one.model_dump(mode="json") | {"is_negative_transfer": one.is_negative_transfer} for one in results]
        )
    else:
        typer.echo(page)
