"""The files of weights that a folder of ours keeps: read, or refused by name, and known again by their bytes.

A folder writes the SHA-256 of each of its files beside its settings, and compares them when it is read: a byte that
changed would change every answer without a word. Folders that were written before hold none and are read as they are.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from protea.errors import FileFormatError, InputError, describe

__all__ = ["check_sha256", "read_kept", "read_kept_arrays", "require_kept", "sha256_of"]

_DO = "Copy the whole folder again from where it was written, or write it anew."


def read_kept(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file.

    Raises:
        InputError: if there is no such file.
        FileFormatError: if it is damaged.
    """
    require_kept(path)
    try:
        return safetensors.torch.load_file(path)
    except SafetensorError as error:
        raise FileFormatError(_damaged(path, error)) from error


def read_kept_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file; raise as `read_kept`."""
    require_kept(path)
    try:
        return safetensors.numpy.load_file(path)
    except SafetensorError as error:
        raise FileFormatError(_damaged(path, error)) from error


def require_kept(path: Path) -> None:
    """Raise InputError where a file that belongs to a folder is not there."""
    if not path.is_file():
        raise InputError(describe("no such file", where=str(path), expected=f"{path.name} of the folder", do=_DO))


def sha256_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files of a folder by name, of those that are there."""
    return {name: _sha256(folder / name) for name in names if (folder / name).is_file()}


def check_sha256(folder: Path, stated: Mapping[str, str]) -> None:
    """Compare files of a folder with what was stated of their bytes.

    Raises:
        InputError: if one of them is not there.
        FileFormatError: if one holds other bytes.
    """
    for name, expected in stated.items():
        require_kept(folder / name)
        found = _sha256(folder / name)
        if found != expected:
            raise FileFormatError(
                describe("the file was changed since it was written", where=str(folder / name),
                         expected=f"SHA-256 {expected}", found=found, do=_DO)
            )  # fmt: skip


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path, error: SafetensorError) -> str:
    return describe("not a safetensors file", where=str(path), expected="the weights that were written here",
                    found=str(error), do=_DO)  # fmt: skip
