"""What a head over two proteins reads of each: a vector, or its residues; from sequences or stored embeddings."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.applications.interactions.protein_columns import ColumnKind, embedded_rows, protein_columns
from protea.config import Config
from protea.datasets.stored_embeddings import read_embeddings
from protea.errors import InputError, describe
from protea.protein.alphabets import NUM_RESIDUE_TYPES, encode_sequence

__all__ = ["ProteinInputs", "ProteinInputsConfig"]


class ProteinInputsConfig(Config):
    """What is read of a protein."""

    columns: tuple[ColumnKind, ...] = Field(
        ("composition", "length", "triads"), description="The vector, for heads over vectors."
    )
    residues: Literal["types", "embedding"] = Field(
        "types", description="The residues, for bilinear attention: their types, 21 columns, or stored embeddings."
    )
    layer: str | None = Field(None, description="Layer of the embeddings, where the folder holds several.")

    def reads_embeddings(self, *, reads_residues: bool) -> bool:
        """Return whether a head over residues, or one over vectors, reads stored embeddings."""
        return self.residues == "embedding" if reads_residues else "embedding" in self.columns

    def digest(self, sequences: Sequence[str], embeddings: Path | None, *, reads_residues: bool) -> str:
        """Return a digest of what is read of proteins: sequences, and what the folder of embeddings says."""
        found = hashlib.sha256("\n".join(sequences).encode())
        if embeddings is not None and self.reads_embeddings(reads_residues=reads_residues):
            manifest = read_embeddings(embeddings, self.layer).manifest
            found.update(json.dumps(manifest, sort_keys=True).encode())
        return found.hexdigest()


class ProteinInputs:
    """Sequences, and their embeddings where a model reads them; rows are those of the sequences."""

    def __init__(
        self, config: ProteinInputsConfig, sequences: Sequence[str], embeddings: Path | None, reads_residues: bool
    ) -> None:
        self.config, self.sequences = config, tuple(sequences)
        self._embeddings, self._reads_residues = embeddings, reads_residues
        self._vectors: Float[Tensor, "protein column"] | None = None
        self._stored = None
        if not reads_residues:
            self._vectors = torch.from_numpy(protein_columns(self.sequences, config.columns, embeddings, config.layer))
        elif config.reads_embeddings(reads_residues=True):
            if embeddings is None:
                raise InputError(describe("no embeddings are given", do="Name a folder of `protea embed`."))
            self._stored = read_embeddings(embeddings, config.layer)
            self._row_of = embedded_rows(self.sequences, self._stored, embeddings)

    def digest(self) -> str:
        """Return a digest of all that is read."""
        return self.config.digest(self.sequences, self._embeddings, reads_residues=self._reads_residues)

    @property
    def dim(self) -> int:
        """Width of a vector, or of a residue."""
        if self._vectors is not None:
            return self._vectors.shape[1]
        return NUM_RESIDUE_TYPES if self._stored is None else self._stored.of_residues(0).shape[1]

    def vectors(self, rows: Int[np.ndarray, " protein"]) -> Float[Tensor, "protein column"]:
        """Return the vectors of proteins."""
        assert self._vectors is not None  # asked of heads over vectors alone
        return self._vectors[torch.from_numpy(rows)]

    def residues(
        self, rows: Int[np.ndarray, " protein"]
    ) -> tuple[Float[Tensor, "residue channel"], Int[Tensor, " protein_plus_1"]]:
        """Return the residues of proteins end to end, and their offsets."""
        parts = [self.residues_of(int(row)) for row in rows]
        lengths = [len(part) for part in parts]
        return torch.cat(parts), torch.tensor([0, *np.cumsum(lengths).tolist()])

    def residues_of(self, row: int) -> Float[Tensor, "residue channel"]:
        """Return the residues of one protein."""
        if self._stored is not None:
            return torch.from_numpy(np.array(self._stored.of_residues(int(self._row_of[row])), np.float32))
        types = torch.from_numpy(encode_sequence(self.sequences[row]).astype(np.int64))
        return F.one_hot(types, NUM_RESIDUE_TYPES).float()
