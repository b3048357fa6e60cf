"""`protea properties fit`: a predictor of many properties, and its controls."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, print_table, say

if TYPE_CHECKING:
    from protea.applications.properties.joint.planned import PlannedTask

__all__ = ["fit"]


def fit(
    config: Annotated[Path, typer.Argument(help="YAML of a MultiTaskConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder of the trainings, the predictor and the page; resumed if there.")
    ],
    cache: CacheOption = None,
    set_: SetOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Train one encoder on all properties and one on each, and tell what company changed.

    With --dry-run the tables are read, and it is told how many proteins each property would train and test on.

    Exit codes: 0 done; 2 a table that cannot be read, a property of variants, or a folder of other settings.
    """
    from protea.applications.properties.joint.column_answers import load_column_results
    from protea.applications.properties.joint.multi_task import MultiTaskConfig, fit_properties
    from protea.applications.properties.joint.multi_task_report import multi_task_report
    from protea.applications.properties.joint.planned import planned_tasks
    from protea.config import load_config

    require_folder("--out", out)
    settings = load_config(MultiTaskConfig, config, set_)
    if dry_run:
        _tell_plan(planned_tasks(settings, data, cache_folder(cache)), json=json)
        return
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


def _tell_plan(tasks: "list[PlannedTask]", *, json: bool) -> None:
    if json:
        print_json([task.model_dump(mode="json") for task in tasks])
        return
    rows = [
        (
            task.name,
            f"{task.num_train:,}",
            f"{task.num_validation:,}",
            ", ".join(f"{name} {number:,}" for name, number in task.num_test.items()),
            ", ".join(f"{number:,} {reason}" for reason, number in task.num_left_out.items()),
        )
        for task in tasks
    ]
    print_table(
        ("property", "train", "validation", "test", "left out"), rows, numbers=frozenset({"train", "validation"})
    )
    say("dry run: nothing was trained")
