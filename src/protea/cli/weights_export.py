"""`protea weights export`: a pretrained language model as one file, with its card."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, ThreadsOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json

__all__ = ["DtypeChoice", "export_run"]


class DtypeChoice(StrEnum):
    """The numbers that are stored."""

    float32 = "float32"
    bfloat16 = "bfloat16"


def export_run(
    run: Annotated[Path, typer.Argument(help="Folder of a run of `protea pretrain`.")],
    target: Annotated[
        Path, typer.Argument(help="The .safetensors file that is written; its card is NAME.md beside it.")
    ],
    dtype: Annotated[DtypeChoice, typer.Option(help="The numbers that are stored.")] = DtypeChoice.bfloat16,
    cache: CacheOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Write the language model of a run, and its perplexity beside letter statistics at the same hidden places.

    Exit codes: 0 done; 2 no such run, or one that trained no language model.
    """
    import torch

    from protea.benchmark.language_export import write_language_model
    from protea.benchmark.trained import RECORD
    from protea.cli.options import cache_folder
    from protea.training.checkpoint import BEST, CHECKPOINT
    from protea.training.loop import arithmetic

    read = [run / name for name in (RECORD, BEST, CHECKPOINT, "metrics.json")]
    require_apart({"TARGET": target, "its card": target.with_suffix(".md")}, read)
    dtypes = {DtypeChoice.float32: torch.float32, DtypeChoice.bfloat16: torch.bfloat16}
    with arithmetic(threads):
        card = write_language_model(run, target, cache_folder(cache), dtypes[dtype])
    if json:
        print_json({"weights": str(target), "card": str(card)})
    else:
        typer.echo(card.read_text(encoding="utf-8"))
