"""A stored embedding of each residue, as a language model gives it: it travels with the batch, by the residue's row."""

from functools import cache, partial
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field

from protea.config import Config
from protea.datasets.stored_embeddings import StoredEmbeddings, embedding_extra
from protea.errors import ContractError, describe
from protea.features.interface import ResidueFeature, Reveals
from protea.features.structure_view import StructureView

__all__ = ["EmbeddingConfig", "EmbeddingOrigin", "stored_embedding"]

EmbeddingOrigin = Literal["sequence", "structure"]
"""What an embedding was computed from: letters alone, or coordinates too."""

_REVEALS: dict[EmbeddingOrigin, frozenset[Reveals]] = {
    "sequence": frozenset({"residue_type", "side_chain"}),
    "structure": frozenset({"residue_type", "side_chain", "backbone_dihedrals", "true_structure"}),
}


class EmbeddingConfig(Config):
    """A folder of residue embeddings (written by `protea embed`) that an encoder reads beside, or instead of, features.

    The numbers were made before any corruption: whatever an objective hides, they still know.
    """

    folder: Path = Field(description="folder of embeddings, with one for every protein that the model will read")
    name: str = Field(pattern=r"^[a-z0-9_]+$", description="what it is called: `embedding.<name>` in a batch")
    dim: int = Field(ge=1, description="channels; those of the folder")
    is_concatenated: bool = Field(
        default=True, description="stand after the scheme's columns; if not, instead of them (a language model alone)"
    )
    made_from: EmbeddingOrigin = Field(
        default="structure",
        description="structure: coordinates shaped it, so objectives that corrupt or hide them refuse it; sequence: "
        "letters alone (a language model)",
    )
    made_by: str | None = Field(
        default=None, description="digest of the weights and settings that made it; training fills it in"
    )

    def open(self) -> StoredEmbeddings:
        """Return the reader of the folder, which is opened at the first use."""
        return StoredEmbeddings(self.folder, self.name, self.dim, self.made_by)


@cache
def stored_embedding(name: str, dim: int, made_from: EmbeddingOrigin) -> ResidueFeature:
    """Return the feature that reads `embedding.<name>`; the same object for the same embedding.

    A rotation or mirror image of the protein changes nothing: the numbers were stored.
    """
    return ResidueFeature(
        f"embedding {name}",
        parity=(1,) * dim,
        reveals=_REVEALS[made_from],
        compute=partial(_stored_embedding, name=embedding_extra(name), dim=dim),
    )


def _stored_embedding(view: StructureView, name: str, dim: int) -> Float[torch.Tensor, "residue channel"]:
    batch = view.batch
    if name not in batch.extra:
        raise ContractError(
            describe(f"the batch carries no {name!r}", where=f"batch of {', '.join(batch.ids[:3])}",
                     expected="the embeddings that the model was trained with",
                     do="Embed these proteins first, and join the folder to the batch (`with_embeddings`).")
        )  # fmt: skip
    value = batch.extra[name].value
    if value.shape != (batch.num_residues, dim):
        raise ContractError(
            describe("the embedding has another shape", where=name, expected=str((batch.num_residues, dim)),
                     found=str(tuple(value.shape)))
        )  # fmt: skip
    return value.to(batch.atom_position)
