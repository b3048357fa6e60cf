"""Embeddings on disk, read back as NumPy through memory maps, and joined to packed batches by protein id.

A folder holds `residue.npy` [residue, channel] and `protein.npy` [protein, channel] in float32, `residue_ptr.npy`
[protein + 1], `proteins.jsonl` (a line per protein: id, item, sequence, length) and `manifest.json`, which says how
much of each counts and what made the numbers. Order and duplicates are those of the input. `protea embed` writes it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int

from protea.datasets.columns import read_manifest
from protea.errors import ConfigError, FileFormatError, InputError, describe
from protea.protein.alphabets import PROTEA
from protea.protein.batch import Extra, ProteinBatch

__all__ = [
    "EMBEDDINGS_FORMAT",
    "ENTRIES",
    "POINTER",
    "Embeddings",
    "Refusal",
    "StoredEmbeddings",
    "embedding_extra",
    "is_embedding_extra",
    "letters_of",
    "read_embeddings",
]

EMBEDDINGS_FORMAT = ("protea-embeddings", 2)
"""Name and version of the format; version 2 keeps the sequence of each protein."""
ENTRIES, POINTER = "proteins.jsonl", "residue_ptr.npy"
"""Names of the list of proteins and of the ends of their residues."""

_PREFIX = "embedding."
# By how much the same protein may differ between two batches of an embedding run.
_TOLERANCE = 1e-3
_NUM_NAMED = 3
# What changes no number of an embedding, by the law of packing, or is looked at on its own.
_SHAPES_NOTHING = {"levels", "max_residues"}


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
    sequences: tuple[str, ...]
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
    def made_by(self) -> str:
        """Digest of all that shaped the numbers: weights, settings, width."""
        shaping = {key: value for key, value in self.manifest["identity"].items() if key not in _SHAPES_NOTHING}
        return hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()

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
    manifest = read_manifest(path, *EMBEDDINGS_FORMAT)
    num_proteins, num_residues = int(manifest["num_proteins"]), int(manifest["num_residues"])
    with (path / ENTRIES).open("rb") as file:
        lines = file.read(int(manifest["num_entry_bytes"])).decode("utf-8").splitlines()
    if len(lines) != num_proteins:
        raise FileFormatError(
            describe("the list of proteins is damaged", where=str(path / ENTRIES), expected=f"{num_proteins} lines",
                     found=str(len(lines)), do="Delete the folder and embed again.")
        )  # fmt: skip
    entries = [json.loads(line) for line in lines]
    levels = manifest["identity"]["levels"]
    return Embeddings(
        tuple(entry["id"] for entry in entries),
        tuple(entry["item"] for entry in entries),
        tuple(entry["sequence"] for entry in entries),
        _rows(path / POINTER, num_proteins + 1),
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


def letters_of(residue_type: Int[np.ndarray, " residue"]) -> str:
    """Return residue types as one-letter codes, `X` for all that is not standard."""
    return np.frombuffer(PROTEA.letters.encode(), np.uint8)[residue_type].tobytes().decode()


def embedding_extra(name: str) -> str:
    """Return the name under which the embeddings called `name` travel with a batch."""
    return f"{_PREFIX}{name}"


def is_embedding_extra(name: str) -> bool:
    """Return whether what travels under this name are stored embeddings."""
    return name.startswith(_PREFIX)


class StoredEmbeddings:
    """The residue embeddings of a folder by protein id, to be joined to batches under `embedding.<name>`.

    The folder is opened at the first use, and anew in each loader process. `made_by`, where given, is what
    `Embeddings.made_by` must be: a model never reads the numbers of another embedding than it was trained on.
    """

    def __init__(self, folder: Path, name: str, dim: int, made_by: str | None = None) -> None:
        self.folder, self.name, self.dim, self.made_by = folder, name, dim, made_by

    def __reduce__(self) -> tuple[Any, ...]:
        # The memory maps stay behind: pickled, they would be copied whole.
        return StoredEmbeddings, (self.folder, self.name, self.dim, self.made_by)

    @cached_property
    def found(self) -> Embeddings:
        """What the folder holds; raise ConfigError where it is of another width, or another model made it."""
        found = read_embeddings(self.folder)
        width = int(found.manifest["identity"]["dim"])
        if width != self.dim:
            raise ConfigError(
                describe("embeddings of another width", where=str(self.folder), expected=str(self.dim),
                         found=str(width), do="Set `dim` of the embedding to the width of the folder.")
            )  # fmt: skip
        if found.residue is None:
            raise ConfigError(
                describe("no embeddings of residues", where=str(self.folder), found="of proteins only",
                         do="Embed again with --level residue.")
            )  # fmt: skip
        if self.made_by not in (None, found.made_by):
            raise ConfigError(
                describe("other weights or settings made these embeddings", where=str(self.folder),
                         expected=str(self.made_by), found=found.made_by,
                         do="Embed with the model that made the embeddings of the training.")
            )  # fmt: skip
        return found

    @cached_property
    def _rows_of(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.found.ids):
            rows.setdefault(name, []).append(row)
        return rows

    def require(self, ids: Sequence[str], lengths: Sequence[int]) -> None:
        """Raise InputError, naming proteins, where the folder lacks one or holds it with other lengths only."""
        lacking = [name for name in ids if name not in self._rows_of]
        if lacking:
            raise InputError(
                describe(f"no stored embedding of {_named(lacking)}", where=str(self.folder),
                         expected=f"one of each of {len(ids)} proteins", found=f"{len(self.found)} proteins",
                         do="Embed these proteins first (`protea embed`), with the model that made the others.")
            )  # fmt: skip
        stored = self.found.lengths
        wrong = [
            (name, length)
            for name, length in zip(ids, lengths, strict=True)
            if all(stored[row] != length for row in self._rows_of[name])
        ]
        if wrong:
            name, length = wrong[0]
            other = ", ".join(str(stored[row]) for row in self._rows_of[name])
            raise InputError(
                describe("the stored embedding is of another length", where=f"{self.folder}: {name}",
                         expected=f"{length} residues", found=f"{other}; and {len(wrong) - 1} more such proteins",
                         do="Embed the same structures that the model reads.")
            )  # fmt: skip

    def join(self, batch: ProteinBatch) -> ProteinBatch:
        """Return the batch with the embedding of each residue [residue, channel].

        A protein is found by its id and sequence, so a folder may hold it several times (bound and unbound, say).

        Raises:
            InputError: if a protein has no embedding, or one of another length or sequence, or several that differ.
            ConfigError: if the folder is of another width, or another model made it.
        """
        self.require(batch.ids, batch.lengths().tolist())
        letters, ptr = letters_of(batch.residue_type.cpu().numpy()), batch.residue_ptr.tolist()
        parts = [self._of_protein(name, letters[ptr[row] : ptr[row + 1]]) for row, name in enumerate(batch.ids)]
        value = torch.from_numpy(np.concatenate([np.zeros((0, self.dim), np.float32), *parts])).to(batch.device)
        return batch.with_extra(**{embedding_extra(self.name): Extra("residue", value)})

    def _of_protein(self, name: str, sequence: str) -> Float[np.ndarray, "residue channel"]:
        rows = [row for row in self._rows_of[name] if len(self.found.sequences[row]) == len(sequence)]
        same = [row for row in rows if self.found.sequences[row] == sequence]
        if not same:
            stored = self.found.sequences[rows[0]]
            at = next(place for place in range(len(sequence)) if sequence[place] != stored[place])
            raise InputError(
                describe("the stored embedding is of another sequence", where=f"{self.folder}: {name}",
                         expected=f"{sequence[at]} at residue {at}", found=stored[at],
                         do="Embed the same structures that the model reads.")
            )  # fmt: skip
        value = self.found.of_residues(same[0])
        for row in same[1:]:
            if not np.allclose(self.found.of_residues(row), value, rtol=_TOLERANCE, atol=_TOLERANCE):
                raise InputError(
                    describe("several stored embeddings of one id and sequence differ", where=f"{self.folder}: {name}",
                             expected="one", found=f"{self.found.items[same[0]]} and {self.found.items[row]}",
                             do="Embed them under ids that differ, or into two folders.")
                )  # fmt: skip
        return value


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NUM_NAMED} more" if len(ids) > _NUM_NAMED else ""
    return ", ".join(repr(name) for name in ids[:_NUM_NAMED]) + more
