"""`protea finetune`: a model that starts from the weights of another run."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption
from protea.cli.train import train_and_tell

__all__ = ["PartOfModel", "finetune"]


class PartOfModel(StrEnum):
    """A part of a model that can be loaded and frozen."""

    encoder = "encoder"
    heads = "heads"


def finetune(
    config: Annotated[Path, typer.Argument(help="YAML file: source, split, model, metric, training.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")],
    weights: Annotated[Path, typer.Option("--from", help="Folder of a finished run, or a .safetensors file.")],
    load: Annotated[
        list[PartOfModel], typer.Option("--load", help="Part that takes its weights from there; repeat for more.")
    ] = [PartOfModel.encoder],  # noqa: B006 (typer reads the default, nothing changes it)
    freeze: Annotated[
        list[PartOfModel] | None, typer.Option("--freeze", help="Part that is not trained; repeat for more.")
    ] = None,
    published_names: Annotated[
        bool, typer.Option("--published-names", help="The file names its tensors as the original encoder does.")
    ] = False,
    overrides: SetOption = None,
    cache: CacheOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Train a model whose encoder (or heads) start from given weights.

    Loading is strict: a key that is missing, unexpected or of another shape ends the command and is named.

    Exit codes: 0 done; 2 wrong configuration, data or weights, or a folder that holds another run.
    """
    from protea.benchmark.train_run import TrainRun
    from protea.config import load_config

    given = [
        f"start.weights={weights}",
        f"start.load=[{', '.join(part.value for part in load)}]",
        f"start.published_names={str(published_names).lower()}",
        *(f"model.freeze_{part.value}=true" for part in freeze or []),
    ]
    train_and_tell(load_config(TrainRun, config, [*(overrides or []), *given]), out, cache, dry_run, json)
