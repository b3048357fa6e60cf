"""Proteins into a folder of embeddings, batch by batch; a run that was killed goes on to the same bytes.

A batch is filled until the next protein would exceed `max_residues` (a longer protein is a batch of its own); a commit
happens between two batches. The law of packing makes the numbers independent of the neighbours in a batch.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protea import __version__
from protea.applications.embedding.embedding_folder import (
    EmbeddingLevel,
    EmbeddingWriter,
    Place,
    chained,
)
from protea.applications.embedding.encoding_model import EmbeddingModel
from protea.applications.embedding.inputs import Item, list_items
from protea.datasets.stored_embeddings import Refusal, letters_of, read_embeddings
from protea.errors import ConfigError, ContractError, InputError, describe
from protea.protein.batch import pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein

__all__ = ["EmbeddingReport", "embed"]

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
    """Proteins that were there when this run began."""


def embed(
    model: EmbeddingModel,
    paths: Sequence[Path],
    folder: Path,
    *,
    levels: Sequence[EmbeddingLevel] = ("residue", "protein"),
    max_residues: int = 4000,
    commit_bytes: int = 32 * 2**20,
    say: Callable[[str], None] = lambda line: None,
) -> EmbeddingReport:
    """Embed files, folders and stores; go on where the folder holds the beginning of the same input.

    Files that cannot be read, and proteins without any CA, are counted and named. Items that are added to the end of
    the list later are added to the folder.

    Raises:
        InputError: if a path does not exist or there is nothing to embed.
        ConfigError: if the folder holds embeddings of other weights, settings or files.
    """
    found = list_items(paths)
    identity = {
        "weights_sha256": model.weights_sha256,
        "config_sha256": model.config_sha256,
        "max_residues": max_residues,
    }
    about = {"encoder": model.description, "version": __version__}
    with EmbeddingWriter(folder, model.encoder.output_dim, levels, identity, about) as writer:
        num_before = writer.num_proteins
        _Embedding(model, writer, found.items, max_residues, commit_bytes, say).run()
    stored = read_embeddings(folder)
    num_residues = int(stored.residue_ptr[-1])
    return EmbeddingReport(folder, len(stored), num_residues, stored.refused, found.ignored, num_before)


class _Embedding:
    """One pass over the items: the batch that is being filled, and how far the input is done."""

    def __init__(
        self, model: EmbeddingModel, writer: EmbeddingWriter, items: Sequence[Item], max_residues: int,
        commit_bytes: int, say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.model, self.writer, self.items = model, writer, items
        self.max_residues, self.commit_bytes, self.say = max_residues, commit_bytes, say
        self.digests = [""]
        for item in items:
            self.digests.append(chained(self.digests[-1], item.name, item.size))
        self.waiting: list[tuple[str, Protein]] = []
        self.num_waiting = 0
        self.committed_at = time.monotonic()

    def run(self) -> None:
        """Embed what is not done yet, and mark the folder as complete."""
        for place, item, protein in self._records():
            if self.waiting and self.num_waiting + len(protein) > self.max_residues:
                self._flush()
                self._commit_if_due(place)
            self.waiting.append((item.name, protein))
            self.num_waiting += len(protein)
        self._flush()
        self._commit(Place(len(self.items), 0), is_complete=True)

    def _records(self) -> Iterator[tuple[Place, Item, Protein]]:
        """Yield every protein that is not done yet with its place; what cannot be embedded is noted instead."""
        start = self.writer.place
        if start.items > len(self.items) or self.digests[start.items] != self.writer.items_digest:
            raise ConfigError(
                describe("the folder holds the embeddings of other files", where=str(self.writer.folder),
                         expected=f"an input that begins with the {start.items} items that are done",
                         do="Name the same files in the same order, or choose another folder.")
            )  # fmt: skip
        for number in range(start.items, len(self.items)):
            item = self.items[number]
            first = start.proteins if number == start.items else 0
            try:
                for index, protein in enumerate(item.proteins()):
                    if index < first:
                        continue
                    if (protein.atom_code == ATOM_CODE["CA"]).any():
                        yield Place(number, index), item, protein
                    else:
                        self._refuse(f"{item.name}: {protein.id}", "no residue with a CA atom to place it in space")
            except (InputError, ContractError) as error:
                self._refuse(item.name, str(error))

    def _refuse(self, name: str, reason: str) -> None:
        self.writer.refused.append(Refusal(name, reason))

    def _flush(self) -> None:
        """Encode the waiting proteins as one batch and append them."""
        if not self.waiting:
            return
        batch = pack([protein for _, protein in self.waiting])
        residue, whole = (tensor.numpy() for tensor in self.model.encode(batch))
        if not (np.isfinite(whole).all() and np.isfinite(residue).all()):
            raise ContractError(
                describe("an embedding is not finite", where=", ".join(batch.ids), expected="finite numbers",
                         do="Check the weights and these structures.")
            )  # fmt: skip
        ptr, letters = batch.residue_ptr.tolist(), letters_of(batch.residue_type.numpy())
        for row, (name, protein) in enumerate(self.waiting):
            own = slice(ptr[row], ptr[row + 1])
            self.writer.append(protein.id, name, letters[own], residue[own], whole[row])
        self.waiting, self.num_waiting = [], 0

    def _commit_if_due(self, place: Place) -> None:
        is_late = time.monotonic() - self.committed_at > _COMMIT_SECONDS
        if is_late or self.writer.num_uncommitted_bytes >= self.commit_bytes:
            self._commit(place)

    def _commit(self, place: Place, *, is_complete: bool = False) -> None:
        self.writer.commit(place, self.digests[place.items], is_complete=is_complete)
        self.committed_at = time.monotonic()
        refused = f", {len(self.writer.refused)} refused" if self.writer.refused else ""
        self.say(
            f"{self.writer.num_proteins} proteins embedded{refused}, {place.items} of {len(self.items)} items done"
        )
