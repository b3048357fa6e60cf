"""A golden on disk: what the reference was given, with what settings and weights, and what it returned."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from protea.errors import FileFormatError, InputError, describe

__all__ = ["Golden", "find_goldens"]

_INPUTS, _OUTPUTS, _OUTPUTS64 = "inputs.npz", "outputs.npz", "outputs64.npz"
_WEIGHTS = "weights.safetensors"


@dataclass(frozen=True)
class Golden:
    """One folder of reference values. Arrays are read when they are asked for; nothing that could run code is read."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder and the one above it, as a person finds it."""
        return "/".join(self.folder.absolute().parts[-2:])

    @cached_property
    def config(self) -> dict[str, Any]:
        """The settings of the reference; empty where there are none. What is asked for and absent is an InputError."""
        path = self.folder / "config.json"
        if not path.exists():
            return _Named({}, str(path))
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not JSON", where=str(path), found=str(error))) from error
        if not isinstance(tree, dict):
            raise FileFormatError(
                describe("not a mapping", where=str(path), expected="settings by name", found=type(tree).__name__)
            )
        return _Named(tree, str(path))

    @cached_property
    def card(self) -> str:
        """The text that says what the reference is; empty where there is none."""
        path = self.folder / "card.md"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @cached_property
    def inputs(self) -> dict[str, np.ndarray]:
        """What the reference was given. What is asked for and absent is an InputError."""
        return _arrays(self.folder / _INPUTS)

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """What it returned in float32."""
        return _arrays(self.folder / _OUTPUTS)

    @cached_property
    def outputs64(self) -> dict[str, np.ndarray]:
        """What it returned in float64; empty where nobody asked it."""
        path = self.folder / _OUTPUTS64
        return _arrays(path) if path.exists() else {}

    def outputs_in(self, dtype: torch.dtype) -> dict[str, np.ndarray]:
        """Return the outputs in a precision."""
        return self.outputs64 if dtype == torch.float64 else self.outputs

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the tensors by their published names."""
        path = self.folder / _WEIGHTS
        if not path.exists():
            raise InputError(describe("a model without weights", where=str(self.folder), expected=_WEIGHTS))
        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise FileFormatError(describe("not safetensors", where=str(path), found=str(error))) from error

    def weight_names(self) -> frozenset[str]:
        """Return the published names of the tensors without reading them; none where there are no weights."""
        return frozenset(self.weight_shapes)

    @cached_property
    def weight_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shapes of the tensors by their published names, without reading them; none where there are no weights."""
        path = self.folder / _WEIGHTS
        if not path.exists():
            return {}
        try:
            with safe_open(path, "pt") as content:
                return {key: tuple(content.get_slice(key).get_shape()) for key in content.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise FileFormatError(describe("not safetensors", where=str(path), found=str(error))) from error

    def input_names(self) -> frozenset[str]:
        """Return the names of the inputs without reading them."""
        return _names(self.folder / _INPUTS)

    def output_names(self) -> frozenset[str]:
        """Return the names of the outputs without reading them."""
        return _names(self.folder / _OUTPUTS)


def find_goldens(paths: Iterable[Path]) -> list[Golden]:
    """Return the goldens at or below the given folders, each once, by path.

    Raises:
        InputError: if a path is no folder or holds none.
    """
    found: dict[Path, Golden] = {}
    for path in paths:
        if not path.is_dir():
            raise InputError(describe("no such folder", where=str(path), expected="a golden, or a folder of goldens"))
        folders = sorted(file.parent for file in path.rglob(_OUTPUTS) if (file.parent / _INPUTS).exists())
        if not folders:
            raise InputError(
                describe("no golden here", where=str(path), expected=f"a folder with {_INPUTS} and {_OUTPUTS}")
            )
        found.update({folder.resolve(): Golden(folder) for folder in folders})
    return list(found.values())


class _Named(dict[str, Any]):
    """Content of a file by name, which says what is missing and where."""

    def __init__(self, content: Mapping[str, Any], where: str) -> None:
        super().__init__(content)
        self.where = where

    def __missing__(self, name: str) -> Any:
        found = ", ".join(sorted(self)) or "nothing"
        raise InputError(describe(f"no {name!r}", where=self.where, expected=name, found=found))


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as content:
            return _Named({name: content[name] for name in content.files}, str(path))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise FileFormatError(describe("not plain arrays (.npz)", where=str(path), found=str(error))) from error


def _names(path: Path) -> frozenset[str]:
    try:
        with zipfile.ZipFile(path) as content:
            return frozenset(name.removesuffix(".npy") for name in content.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise FileFormatError(describe("not plain arrays (.npz)", where=str(path), found=str(error))) from error
