"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AcceleratorChoice",
    "AcceleratorOption",
    "CacheOption",
    "DryRunOption",
    "EmbeddingsOption",
    "JsonOption",
    "RayOption",
    "SetOption",
    "SharedOption",
    "StructureChoice",
    "ThreadsOption",
    "cache_folder",
]


class StructureChoice(StrEnum):
    """Formats of structure files."""

    mmcif = "mmcif"
    pdb = "pdb"


class AcceleratorChoice(StrEnum):
    """Where a model runs."""

    cpu = "cpu"
    cuda = "cuda"
    auto = "auto"


AcceleratorOption = Annotated[
    AcceleratorChoice, typer.Option("--accelerator", help="Where the model runs; auto: on the GPU if there is one.")
]
ThreadsOption = Annotated[int, typer.Option("--threads", min=1, help="CPU threads.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON value to stdout, and nothing else.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
EmbeddingsOption = Annotated[
    Path | None,
    typer.Option("--embeddings", help="Folder of `protea embed` for these proteins, if the run reads embeddings."),
]
SharedOption = Annotated[
    bool,
    typer.Option("--shared", help="Share the work with all machines that run this command on the same folder."),
]
RayOption = Annotated[
    str | None,
    typer.Option("--ray", metavar="ADDRESS", help="Do the work on a Ray cluster: its address, auto, or local."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="A.B=C", help="Change a setting; the value is read as YAML. Repeatable."),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache", envvar="PROTEA_CACHE", help="Where stores are kept; `.cache/protea` in your home if not given."
    ),
]


def cache_folder(given: Path | None) -> Path:
    """Return where stores are kept."""
    return Path.home() / ".cache" / "protea" if given is None else given
