"""Proteins into a folder of embeddings, by one process; a run that was killed goes on to the same bytes.

A commit happens between two windows (`passes.py`), so that a run that goes on makes the same passes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from protea import __version__
from protea.applications.embedding.embedder import Embedder
from protea.applications.embedding.embedding_folder import (
    EmbeddingLevel,
    EmbeddingWriter,
    Place,
    chained,
)
from protea.applications.embedding.inputs import Item, Shard, list_items
from protea.applications.embedding.passes import Passes
from protea.applications.embedding.progress import Progress
from protea.datasets.columns import MANIFEST
from protea.datasets.number_storage import NumberKind
from protea.datasets.stored_embeddings import Refusal
from protea.errors import ConfigError, describe

__all__ = ["SHARED", "EmbeddingReport", "embed"]

SHARED = "shared.json"
"""Says what machines share in a folder (`shared_embedding.py`)."""

_COMMIT_SECONDS = 30.0


@dataclass(frozen=True)
class EmbeddingReport:
    """What a folder holds in the end, and what was left out of it."""

    folder: Path
    num_proteins: int
    num_residues: int
    refused: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    num_resumed: int
    """Proteins that were there when this run began, or that other machines embedded meanwhile."""
    num_in_windows: int = 0
    """Proteins that were too long to be read at once."""
    storage: dict[str, Any] = field(default_factory=dict)
    """How numbers are stored, and the error of it."""


def embed(
    model: Embedder,
    paths: Sequence[Path],
    folder: Path,
    *,
    levels: Sequence[EmbeddingLevel] = ("residue", "protein"),
    max_residues: int = 4000,
    stored_as: NumberKind = "float32",
    shard: Shard | None = None,
    commit_bytes: int = 32 * 2**20,
    say: Callable[[str], None] = lambda line: None,
) -> EmbeddingReport:
    """Embed files, folders and stores; go on where the folder holds the beginning of the same input.

    Files that cannot be read, and proteins that the model cannot read, are counted and named. Items that are added to
    the end of the list later are added to the folder.

    Args:
        model: what embeds.
        paths: the input.
        folder: where the embeddings go.
        levels: whether residues, proteins or both are stored.
        max_residues: residues (of a language model: tokens) that are read in one pass; a longer sequence is a pass.
        stored_as: the type of the stored numbers.
        shard: which part of the input is embedded; all of it if not given.
        commit_bytes: after how many bytes what was embedded is made durable, at the latest.
        say: is told the progress.

    Raises:
        InputError: if a path does not exist or there is nothing to embed.
        ConfigError: if the folder holds embeddings of other weights, settings or files, or machines share it.
    """
    if (folder / SHARED).exists() and not (folder / MANIFEST).exists():
        raise ConfigError(
            describe("machines share this folder", where=str(folder),
                     do="Run with --shared to help them, or choose another folder.")
        )  # fmt: skip
    found = list_items(paths)
    identity = {**model.identity, "max_residues": max_residues}
    if shard is not None:
        identity["shard"] = list(shard)
    about = {**model.about, "version": __version__}
    with EmbeddingWriter(folder, model.width, levels, identity, about, model.layers, stored_as) as writer:
        num_before = writer.num_proteins
        _Embedding(model, writer, found.items, max_residues, shard, commit_bytes, say).run()
        return EmbeddingReport(
            folder, writer.num_proteins, writer.num_residues, tuple(writer.refused), found.ignored, num_before,
            writer.num_in_windows, writer.storage(),
        )  # fmt: skip


class _Embedding:
    """One run over the items, and how far the input is done."""

    def __init__(
        self, model: Embedder, writer: EmbeddingWriter, items: Sequence[Item], max_residues: int, shard: Shard | None,
        commit_bytes: int, say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.writer, self.items, self.commit_bytes = writer, items, commit_bytes
        self.passes = Passes(model, writer, items, max_residues, shard)
        self.digest, self.num_digested = "", 0
        self.committed_at = time.monotonic()
        num_expected = sum(item.count() for item in items) // (1 if shard is None else shard.num)
        self.progress = Progress(len(items), num_expected, writer, say)

    def run(self) -> None:
        """Embed what is not done yet, and mark the folder as complete."""
        start, end = self.writer.place, Place(len(self.items), 0)
        num_begun = start.items + (start.proteins > 0)
        if num_begun > len(self.items) or self._digest_of(start) != self.writer.items_digest:
            raise ConfigError(
                describe("the folder holds the embeddings of other files", where=str(self.writer.folder),
                         expected=f"an input that begins with the {num_begun} items that are done or begun",
                         do="Name the same files in the same order, or choose another folder.")
            )  # fmt: skip
        self.passes.run(start, end, self._commit_if_due)
        self._commit(end, is_complete=True)

    def _digest_of(self, place: Place) -> str:
        """Return the digest of the items up to a place, with the one in which it lies; asked for rising places.

        A file that is done in part has to be the same when a run goes on in it.
        """
        num_items = place.items + (place.proteins > 0)
        for item in self.items[self.num_digested : num_items]:
            self.digest = chained(self.digest, item.name, item.content())
        self.num_digested = num_items
        return self.digest

    def _commit_if_due(self, place: Place) -> None:
        is_late = time.monotonic() - self.committed_at > _COMMIT_SECONDS
        if is_late or self.writer.num_uncommitted_bytes >= self.commit_bytes:
            self._commit(place)

    def _commit(self, place: Place, *, is_complete: bool = False) -> None:
        self.writer.commit(place, self._digest_of(place), is_complete=is_complete)
        self.committed_at = time.monotonic()
        self.progress.tell(place)
