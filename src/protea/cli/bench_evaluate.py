"""`protea bench evaluate`: a trained run on structures that it has never seen."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import EmbeddingsOption, JsonOption, SetOption
from protea.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from protea.benchmark.evaluate import Evaluation

__all__ = ["evaluate"]


def evaluate(
    run: Annotated[Path, typer.Argument(help="Folder of a trained run: run.yaml and best.safetensors.")],
    data: Annotated[Path, typer.Option("--data", help="Folder, archive or table laid out like the source's own data.")],
    resamples: Annotated[int, typer.Option(min=2, help="Bootstrap resamples.")] = 1000,
    embeddings: EmbeddingsOption = None,
    overrides: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Score a trained run on other data: every metric of its suite over all items, with a 95 % bootstrap interval.

    Labels are computed as the run's own source computes them; whole complexes (superfamilies, proteins) are resampled.
    `--set` changes settings of the suite, such as `--set source.contact_cutoff=4`.

    Exit codes: 0 done; 2 no such run or data, or no protein that could be read.
    """
    from protea.benchmark.evaluate import evaluate_run
    from protea.benchmark.trained import load_run, reading_from

    trained = load_run(run) if embeddings is None else reading_from(load_run(run), embeddings)
    with tempfile.TemporaryDirectory(prefix="protea-evaluate-") as cache:
        found = evaluate_run(trained, data, Path(cache), overrides=overrides, num_resamples=resamples)
    if json:
        print_json(asdict(found))
    else:
        _print(found)


def _print(found: "Evaluation") -> None:
    rows = []
    for variant, result in found.variants.items():
        for task, metrics in result.tasks.items():
            for name, item in metrics.items():
                value = "none" if item.value is None else f"{item.value:.4f}"
                interval = "" if item.low is None or item.high is None else f"{item.low:.4f} to {item.high:.4f}"
                units = f"{item.num_units} x {result.unit}"
                rows.append((variant, task, name, value, interval, f"{item.num_items:,}", units, item.reason))
    print_table(("input", "task", "metric", "value", "95 % interval", "items", "units", "note"), rows)
    for variant, result in found.variants.items():
        typer.echo(f"{variant}: {result.num_proteins} proteins")
        typer.echo("\n".join(result.notes))
