"""Proteins into a folder of embeddings, by all machines that run the same command on it.

Each block of the input becomes a folder of its own below `parts`, written beside its place and then renamed, so it is
there whole or not at all. When all blocks are there, one machine joins them to the bytes that one process would have
written in turn (`embed.py`), and takes the parts away. Until then the disk holds the embeddings twice.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from protea import __version__
from protea.applications.embedding.blocks import BLOCK_PROTEINS, Block, blocks_of
from protea.applications.embedding.embed import SHARED, EmbeddingReport
from protea.applications.embedding.embedder import Embedder
from protea.applications.embedding.embedding_folder import (
    EmbeddingLevel,
    EmbeddingWriter,
    Place,
    chained,
    whole_identity,
)
from protea.applications.embedding.inputs import Item, ItemList, list_items
from protea.applications.embedding.passes import Passes, Reader
from protea.cluster.claims import Claims
from protea.cluster.parts import Parts, Workers, join_once, work_through
from protea.cluster.purpose import begin
from protea.config import differences
from protea.datasets.columns import MANIFEST, read_manifest
from protea.datasets.number_storage import NumberKind
from protea.datasets.stored_embeddings import EMBEDDINGS_FORMAT, Refusal
from protea.errors import ConfigError, InputError, describe
from protea.training.loop import arithmetic

__all__ = ["BlockEmbedding", "embed_shared", "items_digest"]

_OF_PROCESS = {"found", "blocks", "reader", "model_there"}
_OTHER_FOLDER = "Give every machine the same input, model and settings, or choose another folder."


class BlockEmbedding:
    """Embeds one block of the input by its number, whole or not at all; may be sent to another process."""

    def __init__(
        self, model: Embedder, paths: Sequence[Path], folder: Path, levels: Sequence[EmbeddingLevel],
        max_residues: int, stored_as: NumberKind, threads: int, device: torch.device | str,
    ) -> None:  # fmt: skip
        self.model, self.folder, self.levels, self.device = model, folder.resolve(), tuple(levels), device
        self.paths = tuple(path.resolve() for path in paths)
        self.max_residues, self.stored_as, self.threads = max_residues, stored_as, threads

    def __getstate__(self) -> dict[str, Any]:
        """Leave open files behind."""
        return {name: value for name, value in vars(self).items() if name not in _OF_PROCESS}

    @cached_property
    def found(self) -> ItemList:
        """The input."""
        return list_items(self.paths)

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks of the input."""
        return blocks_of(self.found.items)

    @cached_property
    def model_there(self) -> Embedder:
        """The model on the device of this process."""
        return self.model.to(self.device)

    @cached_property
    def reader(self) -> Reader:
        """What reads the input."""
        return Reader(self.found.items)

    @property
    def purpose(self) -> dict[str, Any]:
        """What must be the same on every machine."""
        model = self.model
        return {
            "made_by": whole_identity(self._identity, model.width, self.levels, model.layers, self.stored_as),
            "input": {"items": len(self.found.items), "digest": items_digest(self.found.items)},
            "block_proteins": BLOCK_PROTEINS,
            "version": __version__,
        }

    @property
    def _identity(self) -> dict[str, Any]:
        return {**self.model.identity, "max_residues": self.max_residues}

    @property
    def parts(self) -> Path:
        """The folder of the parts."""
        return self.folder / "parts"

    def writer(self, folder: Path) -> EmbeddingWriter:
        """Return what writes a folder of these embeddings."""
        about = {**self.model.about, "version": __version__}
        return EmbeddingWriter(
            folder, self.model.width, self.levels, self._identity, about, self.model.layers, self.stored_as
        )

    def part(self, number: int) -> Path:
        """Return the folder of a block, which is there once it is done."""
        return self.parts / f"{number:06d}"

    def __call__(self, number: int) -> None:
        """Embed a block."""
        block = self.blocks[number]
        items, model = self.found.items, self.model_there
        with (
            _whole(self.part(number), self.folder / MANIFEST) as temporary,
            arithmetic(self.threads),
            self.writer(temporary) as writer,
        ):
            Passes(model, writer, items, self.max_residues, reader=self.reader).run(*block)
            writer.commit(block.last, "", is_complete=True)

    def join(self) -> None:
        """Join the parts into the folder; its manifest comes last and says that all of it is there."""
        temporary = self.parts / f"joined.{uuid.uuid4().hex}"
        with self.writer(temporary) as writer:
            for number in range(len(self.blocks)):
                writer.append_stored(self.part(number))
            digest = items_digest(self.found.items)
            writer.commit(Place(len(self.found.items), 0), digest, is_complete=True)
        names = sorted(path.name for path in temporary.iterdir() if path.name != MANIFEST)
        for name in (*names, MANIFEST):
            (temporary / name).replace(self.folder / name)
        shutil.rmtree(self.parts, ignore_errors=True)  # what a machine that was believed dead still writes is no harm

    def is_done(self, number: int) -> bool:
        """Return whether a block is embedded."""
        # Asked in this order: a part is taken away only after everything was joined.
        return self.part(number).exists() or self.is_joined()

    def num_done(self) -> int:
        """Return how many blocks are embedded, on all machines."""
        try:
            return sum(path.name.isdigit() for path in self.parts.iterdir())
        except FileNotFoundError:  # joined, and taken away
            return len(self.blocks)

    def is_joined(self) -> bool:
        """Return whether the folder holds all embeddings."""
        return (self.folder / MANIFEST).exists()


def embed_shared(
    model: Embedder,
    paths: Sequence[Path],
    folder: Path,
    *,
    levels: Sequence[EmbeddingLevel] = ("residue", "protein"),
    max_residues: int = 4000,
    stored_as: NumberKind = "float32",
    threads: int = 1,
    device: torch.device | str = "cpu",
    claims: Claims | None = None,
    workers: Callable[[BlockEmbedding], Workers] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> EmbeddingReport:
    """Embed files, folders and stores together with all machines that do so; return when everything is joined.

    Args:
        model: what embeds.
        paths: the input, which every machine sees under some path.
        folder: where the embeddings go, seen by every machine.
        levels: whether residues, proteins or both are stored.
        max_residues: as in `embed`.
        stored_as: the type of the stored numbers.
        threads: CPU threads of a worker.
        device: where the model runs.
        claims: who works on what; of this process if not given.
        workers: where blocks are embedded; in this process if not given.
        say: is told the progress of all machines.

    Raises:
        InputError: if a path does not exist or there is nothing to embed.
        ConfigError: if the folder was begun for another input, model or setting, or by one machine alone.
    """
    work = BlockEmbedding(model, paths, folder, levels, max_residues, stored_as, threads, device)
    is_there = _is_there(work)
    if not is_there:
        begin(folder / SHARED, work.purpose, _OTHER_FOLDER)
        work.parts.mkdir(exist_ok=True)
        parts = Parts(len(work.blocks), work, work.is_done, work.num_done)
        claims = Claims(folder / "claims") if claims is None else claims
        work_through(parts, claims, say, None if workers is None else workers(work))
        join_once(work.join, work.is_joined, claims)
    manifest = read_manifest(folder, *EMBEDDINGS_FORMAT)
    return EmbeddingReport(
        folder, manifest["num_proteins"], manifest["num_residues"],
        tuple(Refusal(*item) for item in manifest["refused"]), work.found.ignored,
        manifest["num_proteins"] if is_there else 0, manifest["num_in_windows"], manifest["storage"],
    )  # fmt: skip


def items_digest(items: Sequence[Item]) -> str:
    """Return the digest of the input as the manifest of one process states it."""
    digest = ""
    for item in items:
        digest = chained(digest, item.name, item.content())
    return digest


def _is_there(work: BlockEmbedding) -> bool:
    """Return whether the folder holds these embeddings; raise ConfigError where it holds others, or some of them."""
    if not work.is_joined():
        return False
    manifest = read_manifest(work.folder, *EMBEDDINGS_FORMAT)
    if not manifest["is_complete"]:
        raise ConfigError(
            describe("one process works here by itself", where=str(work.folder),
                     do="Let it end without sharing, or choose another folder.")
        )  # fmt: skip
    own = work.purpose
    found = {
        "made_by": manifest["identity"], "input": {"items": manifest["place"][0], "digest": manifest["items_digest"]}
    }  # fmt: skip
    differing = differences(found, {name: own[name] for name in found})
    if differing:
        raise ConfigError(
            describe("the folder holds other embeddings", where=str(work.folder), found=", ".join(differing),
                     do=_OTHER_FOLDER)
        )  # fmt: skip
    return True


@contextmanager
def _whole(target: Path, joined: Path) -> Iterator[Path]:
    """Yield a folder beside the target, which becomes it unless another machine made it, or joined it, meanwhile."""
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}.partial")
    try:
        yield temporary
        with suppress(OSError):
            temporary.rename(target)
        if not (target.exists() or joined.exists()):
            raise InputError(describe("the part cannot be put into its place", where=str(target), do="Check the disk."))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
