"""Embeddings written to disk as a stream, and resumed after a kill.

The format stands in `datasets/stored_embeddings.py`, which reads it. The manifest says how much of each file counts and
is replaced atomically after everything else is durable.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from protea.applications.embedding.growing_array import GrowingArray
from protea.config import differences
from protea.datasets.columns import MANIFEST, read_manifest
from protea.datasets.embedding_rows import scale_name
from protea.datasets.number_storage import CODE_TYPE, NumberKind, StorageLoss, coded, decoded
from protea.datasets.stored_embeddings import (
    EMBEDDINGS_FORMAT,
    ENTRIES,
    POINTER,
    EmbeddingLevel,
    Refusal,
    array_name,
)
from protea.errors import ConfigError, InputError, describe

__all__ = ["EmbeddingLevel", "EmbeddingWriter", "Place", "chained", "whole_identity"]

_SUMS = ("largest", "squared_errors", "squared_numbers")
_COPY_BYTES = 2**26
_WORDS: dict[NumberKind, str] = {
    "float32": "float32",
    "bf16": "the bits of bf16 as uint16",
    "float16": "float16",
    "int8": "int8 times the float32 scale of each row in *.scale.npy",
}


class Place(NamedTuple):
    """How far the input is done: whole items, and proteins of the next one."""

    items: int = 0
    proteins: int = 0


class EmbeddingWriter:
    """Appends proteins to a folder; a context manager. One writer at a time.

    `identity` is what shaped the numbers (weights, settings, batch size); a folder of another identity is refused.
    `about` is written beside it and not compared. The numbers are stored as `stored_as`, whose error is measured.
    """

    def __init__(
        self, folder: Path, dim: int, levels: Sequence[EmbeddingLevel], identity: dict[str, Any],
        about: dict[str, Any], layers: Sequence[str] = ("last",), stored_as: NumberKind = "float32",
    ) -> None:  # fmt: skip
        self.folder, self.about, self.layers, self.stored_as = folder, about, tuple(layers), stored_as
        self.identity = whole_identity(identity, dim, levels, layers, stored_as)
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / "writer.lock"
        if not lock.exists():
            self._require_nothing_of_others(levels)
        self._lock = lock.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise InputError(
                describe("another process is writing here", where=str(folder), do="Wait or choose another folder.")
            ) from error
        try:
            self._begin(dim, levels)
        except (InputError, OSError):
            self._lock.close()
            raise

    def _require_nothing_of_others(self, levels: Sequence[EmbeddingLevel]) -> None:
        """Raise InputError where a folder that no writer has begun holds files that would be written over."""
        arrays = [array_name(level, layer, self.layers) for level in levels for layer in self.layers]
        scales = [scale_name(name) for name in arrays if self.stored_as == "int8"]
        there = [name for name in (ENTRIES, POINTER, *arrays, *scales) if (self.folder / name).exists()]
        if there and not (self.folder / MANIFEST).exists():
            raise InputError(
                describe("files that are of no embeddings would be written over", where=str(self.folder),
                         found=", ".join(there), do="Choose another folder, or move them away.")
            )  # fmt: skip

    def _begin(self, dim: int, levels: Sequence[EmbeddingLevel]) -> None:
        manifest = read_manifest(self.folder, *EMBEDDINGS_FORMAT) if (self.folder / MANIFEST).exists() else {}
        if manifest and manifest["identity"] != self.identity:
            raise ConfigError(
                describe("the folder holds other embeddings", where=str(self.folder),
                         found=", ".join(differences(manifest["identity"], self.identity)),
                         do="Choose another folder, or delete this one.")
            )  # fmt: skip
        self.place = Place(*manifest.get("place", (0, 0)))
        self.items_digest: str = manifest.get("items_digest", "")
        self.num_proteins = int(manifest.get("num_proteins", 0))
        self.num_residues = int(manifest.get("num_residues", 0))
        self.refused = [Refusal(*item) for item in manifest.get("refused", [])]
        self._num_entry_bytes = int(manifest.get("num_entry_bytes", 0))
        self._entries = (self.folder / ENTRIES).open("ab")
        self._entries.truncate(self._num_entry_bytes)
        rows = {"residue": self.num_residues, "protein": self.num_proteins}
        names = {(level, layer): array_name(level, layer, self.layers) for level in levels for layer in self.layers}
        self._arrays = {
            key: GrowingArray(self.folder / name, CODE_TYPE[self.stored_as], (dim,), rows[key[0]])
            for key, name in names.items()
        }
        self._scales = {
            key: GrowingArray(self.folder / scale_name(name), np.dtype("<f4"), (), rows[key[0]])
            for key, name in names.items()
            if self.stored_as == "int8"
        }
        storage = manifest.get("storage", {}).get("error", {})
        self._loss = {
            key: StorageLoss(**{field: storage[name][field] for field in _SUMS}) if name in storage else StorageLoss()
            for key, name in names.items()
        }
        self._names = names
        self.num_in_windows = int(manifest.get("num_in_windows", 0))
        num_ends = self.num_proteins + 1 if manifest else 0
        self._pointer = GrowingArray(self.folder / POINTER, np.dtype("<i8"), (), num_ends)
        if not manifest:
            self._pointer.append(np.zeros(1, np.int64))
        self.num_uncommitted_bytes = 0

    def append(
        self, id: str, item: str, sequence: str, residue: Float[np.ndarray, "residue channel"],
        protein: Float[np.ndarray, " channel"],
    ) -> None:  # fmt: skip
        """Add one protein to a folder of one layer; it counts once committed."""
        (layer,) = self.layers
        self.append_layers(id, item, sequence, {layer: residue}, {layer: protein}, Place(self.num_proteins, 0))

    def append_layers(
        self, id: str, item: str, sequence: str, residue: Mapping[str, Float[np.ndarray, "residue channel"]],
        protein: Mapping[str, Float[np.ndarray, " channel"]], place: Place, *, is_in_windows: bool = False,
    ) -> None:  # fmt: skip
        """Add one protein; it counts once committed.

        Args:
            id: name of the protein.
            item: the file or store row that it came from.
            sequence: what was embedded, as `letters_of` writes it.
            residue: a row per residue, by layer; not read where the folder holds proteins only.
            protein: the row of the protein, by layer.
            place: its item and its number in it.
            is_in_windows: whether it was too long to be read at once.
        """
        self.num_proteins += 1
        self.num_residues += len(sequence)
        self.num_in_windows += is_in_windows
        content = {"id": id, "item": item, "sequence": sequence, "length": len(sequence), "place": list(place)}
        self._num_entry_bytes += self._entries.write((json.dumps(content) + "\n").encode())
        for level, layer in self._arrays:
            self._append_rows((level, layer), residue[layer] if level == "residue" else protein[layer][None])
        self._pointer.append(np.array([self.num_residues]))

    def _append_rows(self, key: tuple[EmbeddingLevel, str], rows: Float[np.ndarray, "row channel"]) -> None:
        stored = coded(rows, self.stored_as)
        self._arrays[key].append(stored.code)
        self.num_uncommitted_bytes += stored.code.nbytes
        if stored.scale is not None:
            self._scales[key].append(stored.scale)
        if self.stored_as != "float32":
            self._loss[key].add(rows, decoded(stored, self.stored_as))

    def append_stored(self, folder: Path) -> None:
        """Add all proteins of a complete folder that a writer of this identity filled; they count once committed.

        Raises:
            ConfigError: if the folder is of another identity, or not complete.
        """
        manifest = read_manifest(folder, *EMBEDDINGS_FORMAT)
        if manifest["identity"] != self.identity or not manifest["is_complete"]:
            raise ConfigError(
                describe("these embeddings cannot be joined", where=str(folder), expected="complete, and made alike",
                         found=", ".join(differences(manifest["identity"], self.identity)) or "not complete",
                         do="Delete this folder and run the command again.")
            )  # fmt: skip
        with (folder / ENTRIES).open("rb") as entries:
            self._num_entry_bytes += self._entries.write(entries.read(manifest["num_entry_bytes"]))
        for array in self._files():
            if array is not self._pointer:
                _append_file(array, folder / array.path.name)
        self._pointer.append(np.load(folder / POINTER)[1:] + self.num_residues)
        self.num_proteins += manifest["num_proteins"]
        self.num_residues += manifest["num_residues"]
        self.num_in_windows += manifest["num_in_windows"]
        self.refused += [Refusal(*item) for item in manifest["refused"]]
        for name, sums in manifest["storage"].get("error", {}).items():
            key = next(key for key, own in self._names.items() if own == name)
            self._loss[key].join(StorageLoss(**{field: sums[field] for field in _SUMS}))

    def storage(self) -> dict[str, Any]:
        """Return how numbers are stored, and the error of storage so far by file (not measured for float32)."""
        found: dict[str, Any] = {"type": self.stored_as, "words": _WORDS[self.stored_as]}
        if self.stored_as != "float32":
            found["error"] = {
                self._names[key]: {**{field: getattr(loss, field) for field in _SUMS}, "relative_l2": loss.relative_l2}
                for key, loss in self._loss.items()
            }
        return found

    def _files(self) -> tuple[GrowingArray, ...]:
        return (*self._arrays.values(), *self._scales.values(), self._pointer)

    def commit(self, place: Place, items_digest: str, *, is_complete: bool = False) -> None:
        """Make everything so far durable; `place` and `items_digest` say how much of the input it covers."""
        self._entries.flush()
        os.fsync(self._entries.fileno())
        for array in self._files():
            array.commit()
        self.place, self.items_digest, self.num_uncommitted_bytes = place, items_digest, 0
        content = {
            "format": EMBEDDINGS_FORMAT[0], "version": EMBEDDINGS_FORMAT[1],
            "identity": self.identity, "about": self.about, "is_complete": is_complete,
            "num_proteins": self.num_proteins, "num_residues": self.num_residues,
            "num_entry_bytes": self._num_entry_bytes, "place": list(place), "items_digest": items_digest,
            "storage": self.storage(), "num_in_windows": self.num_in_windows,
            "refused": [list(item) for item in self.refused],
        }  # fmt: skip
        temporary = self.folder / f"{MANIFEST}.new"
        with temporary.open("w", encoding="utf-8") as text:
            json.dump(content, text, indent=1)
            text.flush()
            os.fsync(text.fileno())
        temporary.replace(self.folder / MANIFEST)

    def close(self) -> None:
        """Release the files and the lock; what was not committed is dropped when the folder is opened again."""
        self._entries.close()
        for array in self._files():
            array.close()
        self._lock.close()

    def __enter__(self) -> "EmbeddingWriter":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def whole_identity(
    identity: dict[str, Any], dim: int, levels: Sequence[EmbeddingLevel], layers: Sequence[str], stored_as: NumberKind
) -> dict[str, Any]:
    """Return what shaped the numbers of a folder: of the embedder, and of what is stored."""
    found: dict[str, Any] = {**identity, "levels": sorted(levels), "dim": dim}
    # What is usual is not said: embeddings of version 2 were made by the same.
    if tuple(layers) != ("last",):
        found["layers"] = list(layers)
    if stored_as != "float32":
        found["stored_as"] = stored_as
    return found


def _append_file(array: GrowingArray, path: Path) -> None:
    """Append the rows of a file, a stretch of them at a time in memory."""
    rows = np.load(path, mmap_mode="r")
    step = max(_COPY_BYTES // max(rows[:1].nbytes, 1), 1)
    for start in range(0, len(rows), step):
        array.append(rows[start : start + step])


def chained(digest: str, name: str, content: str) -> str:
    """Return the digest of a list of items after one more of them."""
    return hashlib.sha256(f"{digest}\n{name}\0{content}".encode()).hexdigest()
