"""ESM-2 (Lin et al. 2023): rotary positions in halves, token dropout, contacts from attention.

Published under two sets of names: those of fair-esm (`layers.i.self_attn.q_proj`) and those of the hub
(`esm.encoder.layer.i.attention.self.query`). The rotary frequencies are stored and loaded: large models hold them
rounded to float16.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.encoders.language.atom_pairs import AtomPairs
from protea.encoders.language.contacts import ContactHead
from protea.encoders.language.embedding import TokenEmbedding
from protea.encoders.language.esm_names import FAIR_NAMES, HUB_NAMES
from protea.encoders.language.head import LanguageHead
from protea.encoders.language.head_dim import head_dim_of
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames
from protea.encoders.language.sizes import published_size
from protea.encoders.language.transformer import PackedTransformer, TransformerShape
from protea.encoders.language.vocabulary import ESM_LETTERS, Vocabulary

__all__ = ["ESM2_VOCABULARY", "ESM2Config", "esm2_model"]

ESM2_VOCABULARY = Vocabulary(
    name="esm2",
    tokens=("<cls>", "<pad>", "<eos>", "<unk>", *ESM_LETTERS, ".", "-", "<null_1>", "<mask>"),
    unknown="<unk>", mask="<mask>", pad="<pad>", first="<cls>", last="<eos>",
)  # fmt: skip
"""33 tokens, shared by ESM-1b, ESM-1v and ESM-2."""

_SIZES = {
    "8M": (6, 320, 20), "35M": (12, 480, 20), "150M": (30, 640, 20), "650M": (33, 1280, 20), "3B": (36, 2560, 40),
    "15B": (48, 5120, 40),
}  # fmt: skip
"""Layers, width, heads."""


class ESM2Config(LanguageModelConfig):
    """ESM-2; the defaults are the smallest published size."""

    names: ClassVar[tuple[PublishedNames, ...]] = (FAIR_NAMES, HUB_NAMES)

    kind: Literal["esm2"] = "esm2"
    num_layers: int = Field(default=6, ge=1, description="Number of blocks.")
    width: int = Field(default=320, ge=1, description="Width of the states.")
    num_heads: int = Field(default=20, ge=1, description="Attention heads; they divide the width.")
    hidden_dim: int | None = Field(default=None, ge=1, description="Width of the feed-forward; four times, if none.")
    token_dropout: bool = Field(default=True, description="Masked embeddings are zero and the others scaled.")
    has_contact_head: bool = Field(default=True, description="Contacts are predicted from attention.")
    norm_eps: float = Field(default=1e-5, gt=0, description="Added to the variance before its root.")

    @classmethod
    def sized(cls, size: str) -> "ESM2Config":
        """Return a published size: 8M, 35M, 150M, 650M, 3B, 15B."""
        layers, width, heads = published_size("esm2", _SIZES, size)
        return cls(num_layers=layers, width=width, num_heads=heads)

    def build(self) -> LanguageModel:
        """Return the model with random weights."""
        return esm2_model(
            ESM2_VOCABULARY, self.num_layers, self.width, self.num_heads, has_token_dropout=self.token_dropout,
            has_contact_head=self.has_contact_head, hidden_dim=self.hidden_dim, norm_eps=self.norm_eps,
        )  # fmt: skip


def esm2_model(
    vocabulary: Vocabulary, num_layers: int, width: int, num_heads: int, *, has_token_dropout: bool = True,
    has_contact_head: bool = True, hidden_dim: int | None = None, atom_pairs: AtomPairs | None = None,
    norm_eps: float = 1e-5,
) -> LanguageModel:  # fmt: skip
    """Return the architecture over a vocabulary, which ESM-AA and SaProt share."""
    shape = TransformerShape(
        width=width, num_layers=num_layers, num_heads=num_heads,
        head_dim=head_dim_of(vocabulary.name, width, num_heads), hidden_dim=hidden_dim or 4 * width,
        stores_frequencies=True, norm_eps=norm_eps,
    )  # fmt: skip
    return LanguageModel(
        vocabulary,
        TokenEmbedding(len(vocabulary), width, mask_id=vocabulary.mask_id if has_token_dropout else None),
        PackedTransformer(shape),
        LanguageHead(width, len(vocabulary), is_tied=True, norm_eps=norm_eps),
        ContactHead(num_layers, num_heads) if has_contact_head else None,
        atom_pairs=atom_pairs,
    )
