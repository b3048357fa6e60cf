"""The state of a run on disk: written whole or not at all, read with `weights_only=True`."""

import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import torch
from safetensors.torch import save_file
from torch import nn

from protea.cluster.usual_rights import usual_rights
from protea.encoders.weights.kept_files import read_kept
from protea.encoders.weights.key_fit import fit_of_keys
from protea.errors import FileFormatError, describe

__all__ = [
    "BEST",
    "CHECKPOINT",
    "FORMAT_VERSION",
    "load_state",
    "load_weights",
    "save_state",
    "save_weights",
    "state_bytes",
]

FORMAT_VERSION = 1
CHECKPOINT, BEST = "last.ckpt", "best.safetensors"
"""Files of a run: the state to resume from, and the weights of the best epoch."""


def save_state(state: dict[str, Any], path: Path) -> None:
    """Write a resumable state; a crash while writing leaves the previous file."""
    temporary = path.with_suffix(".partial")
    torch.save({"format_version": FORMAT_VERSION, **state}, temporary)
    _commit(temporary, path)


def load_state(path: Path) -> dict[str, Any]:
    """Return a state written by `save_state`; raise FileFormatError for a damaged file or another format version."""
    if not is_zipfile(path):  # torch would try older formats, whose errors are of any kind
        raise FileFormatError(
            describe("not a checkpoint", where=str(path), expected="a file that torch wrote",
                     do="Delete it to start the run anew.")
        )  # fmt: skip
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise FileFormatError(
            describe("not a checkpoint that is safe to read", where=str(path), found=str(error).partition("\n")[0],
                     do="Delete it to start the run anew.")
        ) from error  # fmt: skip
    version = state.get("format_version") if isinstance(state, dict) else None
    if version != FORMAT_VERSION:
        raise FileFormatError(
            describe("a checkpoint of another format", where=str(path), expected=str(FORMAT_VERSION),
                     found=str(version), do="Start the run anew, or use the version that wrote it.")
        )  # fmt: skip
    return state


def save_weights(module: nn.Module, path: Path) -> None:
    """Write a module's weights and buffers as safetensors."""
    temporary = path.with_suffix(".partial")
    tensors = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in module.state_dict().items()}
    with usual_rights(temporary):
        save_file(tensors, temporary, metadata={"format_version": str(FORMAT_VERSION)})
    _commit(temporary, path)


def state_bytes(module: nn.Module) -> Iterator[bytes]:
    """Yield names and numbers of a module's weights and buffers, for a digest of what it computes."""
    for name, tensor in module.state_dict().items():
        yield name.encode()
        yield tensor.detach().cpu().contiguous().numpy().tobytes()


def load_weights(module: nn.Module, path: Path) -> None:
    """Load weights strictly.

    Raises:
        InputError: if there is no such file.
        FileFormatError: if it is damaged, or of another model; the message names every missing, unexpected and
            differently shaped key.
    """
    tensors = read_kept(path)
    fit = fit_of_keys(module.state_dict(), tensors)
    if not fit.is_exact:
        raise FileFormatError(
            describe("weights of another model", where=str(path), expected="the model's keys and shapes",
                     found=str(fit))
        )  # fmt: skip
    module.load_state_dict(tensors)


def _commit(temporary: Path, path: Path) -> None:
    with temporary.open("rb") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, path)
