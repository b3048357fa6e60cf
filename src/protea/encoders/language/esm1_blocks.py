"""What ESM-1b, ESM-1v and PromptProtein have in common: learned places, 33 blocks with biases and without rotation."""

from pydantic import Field

from protea.encoders.language.embedding import TokenEmbedding
from protea.encoders.language.head_dim import head_dim_of
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.sizes import published_size
from protea.encoders.language.transformer import PackedTransformer, TransformerShape
from protea.encoders.language.vocabulary import Vocabulary

__all__ = ["ESM1BlocksConfig"]

_SIZES = {"650M": (33, 1280, 20)}


class ESM1BlocksConfig(LanguageModelConfig):
    """The blocks of ESM-1; the defaults are the published size."""

    num_layers: int = Field(default=33, ge=1, description="Number of blocks.")
    width: int = Field(default=1280, ge=1, description="Width of the states.")
    num_heads: int = Field(default=20, ge=1, description="Attention heads; they divide the width.")
    hidden_dim: int | None = Field(default=None, ge=1, description="Width of the feed-forward; four times, if none.")
    max_tokens: int = Field(default=1024, ge=3, description="Longest sequence with its two special tokens.")
    token_dropout: bool = Field(default=True, description="Masked embeddings are zero and the others scaled.")
    norm_eps: float = Field(default=1e-5, gt=0, description="Added to the variance before its root.")

    @classmethod
    def sized(cls, size: str) -> "ESM1BlocksConfig":
        """Return the one published size, 650M."""
        layers, width, heads = published_size("ESM-1", _SIZES, size)
        return cls.model_validate({"num_layers": layers, "width": width, "num_heads": heads})

    def blocks(self, vocabulary: Vocabulary, *, has_norm: bool) -> tuple[TokenEmbedding, PackedTransformer]:
        """Return the embedding, its first state normalised or not, and the blocks, with random weights."""
        shape = TransformerShape(
            width=self.width, num_layers=self.num_layers, num_heads=self.num_heads,
            head_dim=head_dim_of(vocabulary.name, self.width, self.num_heads),
            hidden_dim=self.hidden_dim or 4 * self.width, rotary=None, norm_eps=self.norm_eps,
        )  # fmt: skip
        embedding = TokenEmbedding(
            len(vocabulary), self.width, mask_id=vocabulary.mask_id if self.token_dropout else None,
            max_tokens=self.max_tokens, has_norm=has_norm, norm_eps=self.norm_eps,
        )  # fmt: skip
        return embedding, PackedTransformer(shape)
