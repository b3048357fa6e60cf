"""Embeddings written to disk as a stream, and resumed after a kill.

The format stands in `datasets/stored_embeddings.py`, which reads it. The manifest says how much of each file counts and
is replaced atomically after everything else is durable.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from protea.applications.embedding.growing_array import GrowingArray
from protea.datasets.columns import MANIFEST, read_manifest
from protea.datasets.stored_embeddings import EMBEDDINGS_FORMAT, ENTRIES, POINTER, Refusal
from protea.errors import ConfigError, InputError, describe
from protea.training.loop import differences

__all__ = ["EmbeddingLevel", "EmbeddingWriter", "Place", "chained"]

EmbeddingLevel = Literal["residue", "protein"]


class Place(NamedTuple):
    """How far the input is done: whole items, and proteins of the next one."""

    items: int = 0
    proteins: int = 0


class EmbeddingWriter:
    """Appends proteins to a folder; a context manager. One writer at a time.

    `identity` is what shaped the numbers (weights, settings, batch size); a folder of another identity is refused.
    `about` is written beside it and not compared.
    """

    def __init__(
        self, folder: Path, dim: int, levels: Sequence[EmbeddingLevel], identity: dict[str, Any],
        about: dict[str, Any],
    ) -> None:  # fmt: skip
        self.folder, self.about = folder, about
        self.identity: dict[str, Any] = {**identity, "levels": sorted(levels), "dim": dim}
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "writer.lock").open("w")
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
        single = np.dtype("<f4")
        self._arrays = {
            level: GrowingArray(self.folder / f"{level}.npy", single, (dim,), rows[level]) for level in levels
        }
        num_ends = self.num_proteins + 1 if manifest else 0
        self._pointer = GrowingArray(self.folder / POINTER, np.dtype("<i8"), (), num_ends)
        if not manifest:
            self._pointer.append(np.zeros(1, np.int64))
        self.num_uncommitted_bytes = 0

    def append(
        self, id: str, item: str, sequence: str, residue: Float[np.ndarray, "residue channel"],
        protein: Float[np.ndarray, " channel"],
    ) -> None:  # fmt: skip
        """Add one protein; it counts once committed.

        `sequence` is what was embedded, as `letters_of` writes it.
        """
        self.num_proteins += 1
        self.num_residues += len(residue)
        line = json.dumps({"id": id, "item": item, "sequence": sequence, "length": len(residue)}) + "\n"
        self._num_entry_bytes += self._entries.write(line.encode())
        for level, rows in (("residue", residue), ("protein", protein[None])):
            if level in self._arrays:
                self._arrays[level].append(rows)
                self.num_uncommitted_bytes += rows.nbytes
        self._pointer.append(np.array([self.num_residues]))

    def commit(self, place: Place, items_digest: str, *, is_complete: bool = False) -> None:
        """Make everything so far durable; `place` and `items_digest` say how much of the input it covers."""
        self._entries.flush()
        os.fsync(self._entries.fileno())
        for array in (*self._arrays.values(), self._pointer):
            array.commit()
        self.place, self.items_digest, self.num_uncommitted_bytes = place, items_digest, 0
        content = {
            "format": EMBEDDINGS_FORMAT[0], "version": EMBEDDINGS_FORMAT[1],
            "identity": self.identity, "about": self.about, "is_complete": is_complete,
            "num_proteins": self.num_proteins, "num_residues": self.num_residues,
            "num_entry_bytes": self._num_entry_bytes, "place": list(place), "items_digest": items_digest,
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
        for array in (*self._arrays.values(), self._pointer):
            array.close()
        self._lock.close()

    def __enter__(self) -> "EmbeddingWriter":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def chained(digest: str, name: str, size: int) -> str:
    """Return the digest of a list of items after one more of them."""
    return hashlib.sha256(f"{digest}\n{name}\0{size}".encode()).hexdigest()
