"""Folders of embeddings with random numbers, for the residues of given batches."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from protea.applications.embedding.embedding_folder import EmbeddingLevel, EmbeddingWriter, Place
from protea.datasets.stored_embeddings import letters_of
from protea.protein.batch import ProteinBatch


def write_embeddings(
    folder: Path, batch: ProteinBatch, dim: int = 4, *, seed: int = 0, weights: str = "w",
    levels: Sequence[EmbeddingLevel] = ("residue", "protein"),
) -> dict[str, np.ndarray]:  # fmt: skip
    """Write embeddings of every protein in the reverse of their order, and return them by id."""
    rng = np.random.default_rng(seed)
    identity = {"weights_sha256": weights, "config_sha256": "c", "max_residues": 10}
    found = {}
    with EmbeddingWriter(folder, dim, levels, identity, {}) as writer:
        for row in reversed(range(len(batch))):
            name = batch.ids[row]
            sequence = letters_of(batch.residue_type[batch.residue_ptr[row] : batch.residue_ptr[row + 1]].numpy())
            found[name] = rng.normal(size=(len(sequence), dim)).astype(np.float32)
            writer.append(name, f"{name}.pdb", sequence, found[name], found[name].mean(0))
        writer.commit(Place(len(batch), 0), "digest", is_complete=True)
    return found
