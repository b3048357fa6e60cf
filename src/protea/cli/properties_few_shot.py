"""`protea properties few-shot`: what 10 to 100 labels of a property are worth."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["few_shot"]


def few_shot(
    name: Annotated[str, typer.Argument(help="A property by name, or a YAML of one (a CSV of your own is a table).")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[Path, typer.Option("--out", help="Markdown page that is written, with a CSV beside it.")],
    embeddings: Annotated[
        Path | None, typer.Option("--embeddings", help="Folder of `protea embed`; cheap columns if not given.")
    ] = None,
    sizes: Annotated[list[int] | None, typer.Option("--size", help="Number of labels. Repeatable.")] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="trivial, ridge, bayesian_ridge, gaussian_process or head; of classes trivial, logistic or "
            "gaussian_process. Repeatable; none: all.",
        ),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=2, max=20, help="Draws of labels.")] = 5,
    cross: Annotated[
        bool,
        typer.Option(
            "--cross", help="Intervals by cross-validation for every model, which costs ten fits; of classes always."
        ),
    ] = False,
    level: Annotated[float, typer.Option("--level", help="Nominal coverage of the intervals.")] = 0.9,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the split and the draws.")] = 0,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Fit cheap models and heads to few labels of a property, many times, and judge them beside the labels' mean.

    Exit codes: 0 done; 2 a table or a folder that cannot be read, or a property that is neither a number nor a class.
    """
    from protea.applications.properties.few_labels.drawn_labels import FewShotConfig
    from protea.applications.properties.few_labels.few_shot import run_few_shot
    from protea.applications.properties.few_labels.few_shot_classes import run_few_shot_classes
    from protea.applications.properties.few_labels.few_shot_report import few_shot_markdown, write_few_shot
    from protea.applications.properties.labels.catalogue import property_named
    from protea.applications.properties.labels.partition import partition
    from protea.config import parse_config
    from protea.datasets.stored_embeddings import read_embeddings

    require_apart({"--out": out, ".csv beside --out": out.with_suffix(".csv")}, [name])
    given = {"sizes": sizes, "models": models, "num_draws": draws, "level": level, "seed": seed, "is_crossed": cross}
    config = parse_config(FewShotConfig, {key: value for key, value in given.items() if value is not None}, where="few")
    item = property_named(name)
    examples = item.examples(data)
    parts = partition(examples, item.split, seed, cache_folder(cache))
    found = None if embeddings is None else read_embeddings(embeddings)
    run = run_few_shot if item.kind == "value" else run_few_shot_classes
    rows = run(item, examples, parts, config, found, say)
    seen = "those of a sequence alone" if found is None else f"embeddings of {embeddings}, made by {found.made_by[:12]}"
    command = f"protea properties few-shot {name} --data {data} --out {out} --draws {draws} --seed {seed}"
    command += " --cross" if cross else ""
    command += "" if embeddings is None else f" --embeddings {embeddings}"
    command += "".join(f" --size {size}" for size in sizes or ()) + "".join(f" --model {one}" for one in models or ())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(few_shot_markdown(item, rows, config, seen, command), encoding="utf-8")
    write_few_shot(rows, out.with_suffix(".csv"))
    if json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        typer.echo(f"{len(rows)} rows: {out}")
