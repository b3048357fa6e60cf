"""Embeddings on disk: written as a stream, resumed after a kill, read back as NumPy through memory maps.

A folder holds `residue.npy` [residue, channel] and `protein.npy` [protein, channel] in float32, `residue_ptr.npy`
[protein + 1], `proteins.jsonl` (a line per protein: id, item, length) and `manifest.json`, which says how much of each
counts and is replaced atomically after everything else is durable. Order and duplicates are those of the input.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from protea.applications.embedding.growing_array import GrowingArray
from protea.datasets.columns import MANIFEST, read_manifest
from protea.errors import ConfigError, FileFormatError, InputError, describe
from protea.training.loop import differences

__all__ = ["EmbeddingLevel", "EmbeddingWriter", "Embeddings", "Place", "Refusal", "chained", "read_embeddings"]

EmbeddingLevel = Literal["residue", "protein"]

_FORMAT, _VERSION = "protea-embeddings", 1
_ENTRIES, _POINTER = "proteins.jsonl", "residue_ptr.npy"


class Place(NamedTuple):
    """How far the input is done: whole items, and proteins of the next one."""

    items: int = 0
    proteins: int = 0


class Refusal(NamedTuple):
    """What could not be embedded, and why."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False)
class Embeddings:
    """What a folder holds; the arrays are read from disk page by page when they are used."""

    ids: tuple[str, ...]
    items: tuple[str, ...]
    """The file or store row that each protein came from."""
    residue_ptr: Int[np.ndarray, " protein_plus_1"]
    residue: Float[np.ndarray, "residue channel"] | None
    protein: Float[np.ndarray, "protein channel"] | None
    refused: tuple[Refusal, ...]
    manifest: dict[str, Any]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> Int[np.ndarray, " protein"]:
        """Number of residues of each protein."""
        return np.diff(self.residue_ptr)

    @property
    def weights_sha256(self) -> str:
        """Digest of the weights that made them."""
        return str(self.manifest["identity"]["weights_sha256"])

    @property
    def is_complete(self) -> bool:
        """Whether the whole input was gone through."""
        return bool(self.manifest["is_complete"])

    def of_residues(self, row: int) -> Float[np.ndarray, "residue channel"]:
        """Return the residue embeddings of one protein; raise InputError where the folder holds none."""
        if self.residue is None:
            raise InputError(describe("the folder holds no residue embeddings", do="Embed with --level residue."))
        return self.residue[self.residue_ptr[row] : self.residue_ptr[row + 1]]


def read_embeddings(folder: Path | str) -> Embeddings:
    """Return the committed embeddings of a folder, complete or not.

    Raises:
        InputError: if the folder holds none.
        FileFormatError: if it is of another format, or a file is shorter than the manifest says.
    """
    path = Path(folder)
    manifest = read_manifest(path, _FORMAT, _VERSION)
    num_proteins, num_residues = int(manifest["num_proteins"]), int(manifest["num_residues"])
    with (path / _ENTRIES).open("rb") as file:
        lines = file.read(int(manifest["num_entry_bytes"])).decode("utf-8").splitlines()
    if len(lines) != num_proteins:
        raise FileFormatError(
            describe("the list of proteins is damaged", where=str(path / _ENTRIES), expected=f"{num_proteins} lines",
                     found=str(len(lines)), do="Delete the folder and embed again.")
        )  # fmt: skip
    entries = [json.loads(line) for line in lines]
    levels = manifest["identity"]["levels"]
    return Embeddings(
        tuple(entry["id"] for entry in entries),
        tuple(entry["item"] for entry in entries),
        _rows(path / _POINTER, num_proteins + 1),
        _rows(path / "residue.npy", num_residues) if "residue" in levels else None,
        _rows(path / "protein.npy", num_proteins) if "protein" in levels else None,
        tuple(Refusal(*item) for item in manifest["refused"]),
        manifest,
    )


def _rows(path: Path, num_rows: int) -> np.ndarray:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise FileFormatError(describe("the array cannot be read", where=str(path), found=str(error))) from error
    if len(array) < num_rows:
        raise FileFormatError(
            describe("the array is damaged", where=str(path), expected=f"{num_rows} rows", found=str(len(array)))
        )
    return np.asarray(array)[:num_rows]


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
        manifest = read_manifest(self.folder, _FORMAT, _VERSION) if (self.folder / MANIFEST).exists() else {}
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
        self._entries = (self.folder / _ENTRIES).open("ab")
        self._entries.truncate(self._num_entry_bytes)
        rows = {"residue": self.num_residues, "protein": self.num_proteins}
        single = np.dtype("<f4")
        self._arrays = {
            level: GrowingArray(self.folder / f"{level}.npy", single, (dim,), rows[level]) for level in levels
        }
        num_ends = self.num_proteins + 1 if manifest else 0
        self._pointer = GrowingArray(self.folder / _POINTER, np.dtype("<i8"), (), num_ends)
        if not manifest:
            self._pointer.append(np.zeros(1, np.int64))
        self.num_uncommitted_bytes = 0

    def append(
        self, id: str, item: str, residue: Float[np.ndarray, "residue channel"], protein: Float[np.ndarray, " channel"]
    ) -> None:
        """Add one protein; it counts once committed."""
        self.num_proteins += 1
        self.num_residues += len(residue)
        line = json.dumps({"id": id, "item": item, "length": len(residue)}) + "\n"
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
            "format": _FORMAT, "version": _VERSION, "identity": self.identity, "about": self.about,
            "is_complete": is_complete,
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
