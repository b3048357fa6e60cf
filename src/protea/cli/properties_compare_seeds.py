"""`protea properties compare-seeds`: properties alone and together over several trainings."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json

__all__ = ["compare_seeds"]


def compare_seeds(
    runs: Annotated[list[Path], typer.Argument(help="Folders of `protea properties fit`, one per seed.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for seeds.md and seeds.json.")] = None,
    json: JsonOption = False,
) -> None:
    """Compare properties alone and together over trainings that differ in --set training.seed alone.

    Exit codes: 0 done; 2 a folder without a finished fit, or fits of other settings or tests.
    """
    import json as json_format

    from protea.applications.properties.joint.column_answers import load_column_results
    from protea.applications.properties.joint.multi_task import MultiTaskConfig
    from protea.applications.properties.joint.over_seeds import over_seeds
    from protea.applications.properties.joint.over_seeds_report import over_seeds_report
    from protea.applications.properties.labels.catalogue import property_named
    from protea.config import load_config

    require_folder("--out", out)
    results = over_seeds(runs)
    config = load_config(MultiTaskConfig, runs[0] / "run.yaml")
    properties = [property_named(name) for name in config.properties]
    command = shlex.join(
        ["protea", "properties", "compare-seeds", *map(str, runs), *(["--out", str(out)] if out else [])]
    )
    page = over_seeds_report(results, properties, command, load_column_results(runs[0]))
    tree = [
        one.model_dump(mode="json")
        | {"beats_trivial": one.beats_trivial, "is_negative_transfer": one.is_negative_transfer}
        for one in results
    ]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "seeds.md").write_text(page, encoding="utf-8")
        (out / "seeds.json").write_text(json_format.dumps(tree, indent=1) + "\n", encoding="utf-8")
    if json:
        print_json(tree)
    else:
        typer.echo(page, nl=False)
