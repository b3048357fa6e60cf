"""`protea train`: one model on one split."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

if TYPE_CHECKING:
    from protea.benchmark.train_run import TrainRun
    from protea.training.progress import EpochRecord

__all__ = ["tell_epoch", "train", "train_and_tell"]


def train(
    config: Annotated[Path, typer.Argument(help="YAML file: source, split, model, metric, training.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")],
    overrides: SetOption = None,
    cache: CacheOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Train a model as a configuration says, and judge it on the test part of the split.

    A run that was stopped goes on where its last checkpoint stands. With --dry-run the configuration is checked and
    the model built, nothing is read or written.

    Exit codes: 0 done; 2 wrong configuration or data, or a folder that holds another run.
    """
    from protea.benchmark.train_run import TrainRun
    from protea.config import load_config

    train_and_tell(load_config(TrainRun, config, overrides), out, cache, dry_run, json)


def train_and_tell(chosen: "TrainRun", out: Path, cache: Path | None, dry_run: bool, json: bool) -> None:
    """Train as configured and print the test metrics, or with `dry_run` build the model and print its size."""
    from protea.benchmark.cost import parameter_count
    from protea.benchmark.train_run import train_run

    require_folder("--out", out)
    if dry_run:
        parameters = parameter_count(chosen.model.build())
        if json:
            print_json({"config": chosen.model_dump(mode="json"), "parameters": parameters})
        else:
            typer.echo(
                f"{chosen.model.encoder.kind} on {chosen.source.kind}: {parameters:,} parameters; nothing was run"
            )
        return
    content = train_run(chosen, out, cache_folder(cache), tell_epoch)
    if json:
        print_json(content | {"run": str(out)})
        return
    for task, values in content["metrics"]["test"].items():
        typer.echo(f"test {task}: " + ", ".join(f"{name} {value:.4f}" for name, value in values.items()))
    typer.echo(f"run: {out}")


def tell_epoch(record: "EpochRecord") -> None:
    """Say how an epoch went."""
    say(
        f"epoch {record.epoch + 1}: loss {record.train_loss:.4f}, validation loss {record.validation_loss:.4f}, "
        f"metric {record.validation_metric:.4f} ({record.seconds:.1f} s)"
    )
