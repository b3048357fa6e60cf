"""ESM-1b (Rives et al. 2021) and ESM-1v (Meier et al. 2021): learned places, so at most 1,022 residues at once.

ESM-1b normalises the first state, ESM-1v does not; ESM-1v was published with five seeds and without contacts. The
loader of fair-esm sets the embedding of the mask to zero, and with it the tied row of the head: do the same to files
of fair-esm (`without_mask_row`).
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from protea.encoders.language.contacts import ContactHead
from protea.encoders.language.esm1_blocks import ESM1BlocksConfig
from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.language.esm_names import FAIR_NAMES, HUB_NAMES_WITH_PLACES
from protea.encoders.language.head import LanguageHead
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames

__all__ = ["ESM1bConfig", "ESM1vConfig", "without_mask_row"]


class _ESM1Config(ESM1BlocksConfig):
    """What both have in common: the blocks, contacts and a head of letters."""

    names: ClassVar[tuple[PublishedNames, ...]] = (FAIR_NAMES, HUB_NAMES_WITH_PLACES)
    has_norm: ClassVar[bool]
    """Whether the first state is normalised."""

    has_contact_head: bool = Field(default=True, description="Contacts are predicted from attention.")

    def build(self) -> LanguageModel:
        """Return the model with random weights."""
        embedding, blocks = self.blocks(ESM2_VOCABULARY, has_norm=self.has_norm)
        contact_head = ContactHead(self.num_layers, self.num_heads) if self.has_contact_head else None
        head = LanguageHead(self.width, len(ESM2_VOCABULARY), is_tied=True, norm_eps=self.norm_eps)
        return LanguageModel(ESM2_VOCABULARY, embedding, blocks, head, contact_head)


class ESM1bConfig(_ESM1Config):
    """ESM-1b."""

    has_norm: ClassVar[bool] = True

    kind: Literal["esm1b"] = "esm1b"


class ESM1vConfig(_ESM1Config):
    """ESM-1v; its five seeds are five files of weights."""

    has_norm: ClassVar[bool] = False

    kind: Literal["esm1v"] = "esm1v"
    has_contact_head: bool = Field(default=False, description="Contacts are predicted from attention.")


def without_mask_row(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return fair-esm's tensors with the row of the mask set to zero, as its own loader does with raw files."""
    row = ESM2_VOCABULARY.mask_id
    keep = torch.ones(len(ESM2_VOCABULARY), 1)
    keep[row] = 0
    tied = ("embed_tokens.weight", "lm_head.weight")
    return {key: value * keep.to(value.dtype) if key in tied else value for key, value in tensors.items()}
