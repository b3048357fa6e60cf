"""`protea pretrain`: an encoder on proteins without labels."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption
from protea.cli.train import train_and_tell

__all__ = ["pretrain"]


def pretrain(
    config: Annotated[Path, typer.Argument(help="YAML file: source, split, model, metric, training.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")],
    overrides: SetOption = None,
    cache: CacheOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Train an encoder by objectives that need no labels, with linear warm-up and cosine decay.

    The file is that of `protea train`; the folder that it writes is what `protea finetune --from` takes.

    Exit codes: 0 done; 2 wrong configuration or data, or a folder that holds another run.
    """
    from protea.benchmark.train_run import PretrainRun
    from protea.config import load_config

    train_and_tell(load_config(PretrainRun, config, overrides), out, cache, dry_run, json)
