"""Sequences in FASTA files, an embedder that notes what it reads, and a small language model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch

from protea.applications.embedding.embedder import Embedded, Embedder, Unit, stored_letters
from protea.applications.embedding.embedding_folder import EmbeddingWriter
from protea.protein.record import Protein


def write_sequences(path: Path, num: int, length: int | None = None) -> Path:
    """Write sequences `p0`, `p1`, ... of one length, or of lengths 3 to 13."""
    lines = []
    for number in range(num):
        size = 3 + 7 * number % 11 if length is None else length
        lines.append(f">p{number}\n{('ACDEFGHIKLMNPQRSTVWY' * 2)[number % 17 :][:size]}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path


class RecordingEmbedder(Embedder):
    """Embeds a protein as its length and its place in the window, and keeps the ids of each window."""

    layers = ("last",)
    width = 2
    identity: ClassVar[dict[str, Any]] = {"made": "up"}
    about: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        self.windows: list[list[str]] = []

    def to(self, device: torch.device | str) -> "RecordingEmbedder":
        return self

    def unit(self, protein: Protein) -> Unit:
        return Unit(protein.id, stored_letters(protein.sequence), len(protein), None)

    def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
        self.windows.append([unit.id for unit in units])
        rows = [
            np.full((len(unit.sequence), 2), (len(unit.sequence), place), np.float32)
            for place, unit in enumerate(units)
        ]
        return [Embedded({"last": row}, {"last": row.mean(0)}) for row in rows]


def recording_writer(folder: Path) -> EmbeddingWriter:
    """Return what writes the numbers of the embedder above."""
    model = RecordingEmbedder()
    return EmbeddingWriter(folder, model.width, ("residue", "protein"), model.identity, model.about)
