"""AMPLIFY (Fournier et al. 2024): root-mean-square norms, rotary neighbours, gated feed-forward, no biases.

It was trained on up to 2,048 tokens; nothing in it ends there. Its alphabet has no X: every letter that it does not
know is `<unk>`.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.encoders.language.embedding import TokenEmbedding
from protea.encoders.language.head import LanguageHead
from protea.encoders.language.head_dim import head_dim_of
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames, Rule
from protea.encoders.language.sizes import published_size
from protea.encoders.language.transformer import PackedTransformer, TransformerShape
from protea.encoders.language.vocabulary import Vocabulary

__all__ = ["AMPLIFY_VOCABULARY", "AMPLIFYConfig"]

AMPLIFY_VOCABULARY = Vocabulary(
    name="amplify",
    tokens=("<pad>", "<unk>", "<mask>", "<bos>", "<eos>", "|", *"LAGVSERTIDPKQNFYMHWCB"),
    unknown="<unk>", mask="<mask>", pad="<pad>", first="<bos>", last="<eos>",
)  # fmt: skip
"""27 tokens."""

_HIDDEN_MULTIPLE = 8
_SIZES = {"120M": (24, 640, 10), "350M": (32, 960, 15)}
"""Layers, width, heads."""

_BLOCK = r"transformer.blocks.\1"
_LAYER = r"transformer_encoder\.(\d+)"

_NAMES = PublishedNames(
    "AMPLIFY",
    (
        Rule(r"encoder\.weight", "embedding.token.weight"),
        *(
            Rule(rf"{_LAYER}\.{part}\.weight", rf"{_BLOCK}.attention.qkv.weight", place, 3)
            for place, part in enumerate("qkv")
        ),
        Rule(rf"{_LAYER}\.wo\.weight", rf"{_BLOCK}.attention.out.weight"),
        Rule(rf"{_LAYER}\.attention_norm\.weight", rf"{_BLOCK}.attention_norm.weight"),
        Rule(rf"{_LAYER}\.ffn_norm\.weight", rf"{_BLOCK}.feed_forward_norm.weight"),
        Rule(rf"{_LAYER}\.ffn\.w12\.weight", rf"{_BLOCK}.feed_forward.first.weight"),
        Rule(rf"{_LAYER}\.ffn\.w3\.weight", rf"{_BLOCK}.feed_forward.second.weight"),
        Rule(r"layer_norm_2\.weight", "transformer.last_norm.weight"),
        Rule(r"decoder\.(weight|bias)", r"head.decoder.\1"),
    ),
)


class AMPLIFYConfig(LanguageModelConfig):
    """AMPLIFY; the defaults are the smallest published size."""

    names: ClassVar[tuple[PublishedNames, ...]] = (_NAMES,)

    kind: Literal["amplify"] = "amplify"
    num_layers: int = Field(default=24, ge=1, description="Number of blocks.")
    width: int = Field(default=640, ge=1, description="Width of the states.")
    num_heads: int = Field(default=10, ge=1, description="Attention heads; they divide the width.")
    intermediate_dim: int = Field(
        default=2560, ge=1, description="As published; the gated feed-forward has two thirds of it, rounded up to 8."
    )
    norm_eps: float = Field(default=1e-5, gt=0, description="Added to the mean square before its root.")

    @classmethod
    def sized(cls, size: str) -> "AMPLIFYConfig":
        """Return a published size: 120M, 350M."""
        layers, width, heads = published_size("amplify", _SIZES, size)
        return cls(num_layers=layers, width=width, num_heads=heads, intermediate_dim=4 * width)

    def build(self) -> LanguageModel:
        """Return the model with random weights."""
        hidden_dim = -(-int(2 * self.intermediate_dim / 3) // _HIDDEN_MULTIPLE) * _HIDDEN_MULTIPLE
        shape = TransformerShape(
            width=self.width, num_layers=self.num_layers, num_heads=self.num_heads,
            head_dim=head_dim_of(self.kind, self.width, self.num_heads), hidden_dim=hidden_dim, activation="swiglu",
            norm="rms", last_norm="rms", norm_eps=self.norm_eps, has_bias=False, rotary="neighbours",
        )  # fmt: skip
        num_letters = len(AMPLIFY_VOCABULARY)
        return LanguageModel(
            AMPLIFY_VOCABULARY, TokenEmbedding(num_letters, self.width), PackedTransformer(shape),
            LanguageHead(self.width, num_letters, has_dense=False),
        )  # fmt: skip
