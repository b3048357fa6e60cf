"""`protea weights convert`: any file of weights as one .safetensors file."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.language_options import LanguageModelOption, language_model_config
from protea.cli.options import CacheOption, JsonOption, SetOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

if TYPE_CHECKING:
    from protea.encoders.language.interface import LanguageModelConfig
    from protea.encoders.weights.reading import WeightFiles

__all__ = ["NamesChoice", "convert_file"]


class NamesChoice(StrEnum):
    """Which key names the file gets."""

    published = "published"
    protea = "protea"


def convert_file(
    source: Annotated[str, typer.Argument(help="A file, a folder, an index of shards, or a name of the manifest.")],
    target: Annotated[Path, typer.Argument(help="The .safetensors file that is written.")],
    names: Annotated[NamesChoice, typer.Option(help="Key names as published, or as in Protea.")] = (
        NamesChoice.published
    ),
    model: LanguageModelOption = None,
    overrides: SetOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the target if it is there.")] = False,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Write tensors as they are into one .safetensors file, whose metadata tell the source; nothing in it is run.

    A .pt or .bin that holds anything but tensors and plain values is refused. What was written is read back and
    compared before it counts.

    Exit codes: 0 done; 2 no such file, a file that is not read, or tensors that do not fit the model.
    """
    from protea.encoders.weights.converting import convert_weights

    require_apart({"TARGET": target}, [source])
    found, config = _source(source, names, model, overrides, cache)
    report = convert_weights(found, target, config=config, is_overwriting=overwrite)
    if json:
        print_json({
            "target": str(report.target), "tensors": report.num_tensors, "values": report.num_values,
            "left_out": list(report.left_out),
        })  # fmt: skip
        return
    for key in report.left_out:
        say(f"left out {key}: not of the model")
    typer.echo(f"{report.target}: {report.num_tensors:,} tensors, {report.num_values:,} numbers")


def _source(
    source: str, names: NamesChoice, model: str | None, overrides: list[str] | None, cache: Path | None
) -> "tuple[WeightFiles, LanguageModelConfig | None]":
    """Return the source, and the model if its names are wanted."""
    from protea.encoders.weights.language_models import language_config
    from protea.encoders.weights.manifest import entry_of
    from protea.encoders.weights.places import cached_files
    from protea.encoders.weights.reading import read_checkpoint, read_files
    from protea.errors import ConfigError, describe

    given = None if model is None else language_model_config(model, overrides)
    is_own = names is NamesChoice.protea
    if Path(source).exists():
        if is_own and given is None:
            raise ConfigError(
                describe("which model does this file hold?", where=source, expected="--model as well",
                         do="Name its kind and size, such as esm2/35M.")
            )  # fmt: skip
        return read_checkpoint(Path(source)), given if is_own else None
    entry = entry_of(source)
    own = given if given is not None else language_config(entry.kind, entry.size) if is_own else None
    return read_files(cached_files(entry, cache)), own if is_own else None
