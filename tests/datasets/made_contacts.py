"""Sequences without structure, and folders of contacts with made probabilities for them."""

from pathlib import Path

import numpy as np
import torch

from protea.applications.embedding.embedding_folder import EmbeddingWriter, Place
from protea.datasets.stored_contacts import contact_columns
from protea.datasets.stored_embeddings import letters_of
from protea.protein.batch import ProteinBatch


def sequences(*lengths: int) -> ProteinBatch:
    """A batch of sequences of these lengths, named s0, s1, ..., of one chain each, without an atom."""
    num = sum(lengths)
    draw = torch.Generator().manual_seed(num)
    return ProteinBatch(
        ids=tuple(f"s{row}" for row in range(len(lengths))),
        residue_ptr=torch.tensor([0, *np.cumsum(lengths).tolist()]),
        residue_type=torch.randint(0, 20, (num,), generator=draw),
        chain_of=torch.zeros(num, dtype=torch.int64),
        author_number=torch.zeros(num, dtype=torch.int64),
        atom_ptr=torch.zeros(num + 1, dtype=torch.int64),
        atom_code=torch.zeros(0, dtype=torch.uint8),
        atom_position=torch.zeros((0, 3)),
        edge_ptr=torch.zeros(num + 1, dtype=torch.int64),
        edge_source=torch.zeros(0, dtype=torch.int64),
        extra={},
    )


def made_map(length: int) -> np.ndarray:
    """Symmetric probabilities, all different, that depend on the length alone."""
    draw = np.random.default_rng(length).random((length, length)).astype(np.float32)
    return (draw + draw.T) / 2


def write_contacts(folder: Path, batch: ProteinBatch, num_partners: int = 24, *, weights: str = "w") -> None:
    """Write `made_map` of every protein of a batch."""
    identity = {"weights_sha256": weights, "config_sha256": "c", "num_contact_partners": num_partners}
    with EmbeddingWriter(folder, 2 * num_partners, ("residue",), identity, {}) as writer:
        for row, name in enumerate(batch.ids):
            own = slice(int(batch.residue_ptr[row]), int(batch.residue_ptr[row + 1]))
            letters = letters_of(batch.residue_type[own].numpy())
            value = contact_columns(made_map(len(letters)), num_partners)
            writer.append(name, f"{name}.fasta", letters, value, value.mean(0))
        writer.commit(Place(len(batch), 0), "digest", is_complete=True)
