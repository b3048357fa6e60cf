"""ESM C (ESM Team 2024): normalised queries and keys, gated feed-forward, residual branches scaled by depth.

Published under three sets of names: those of its own package (`transformer.blocks.i.attn`), those of the Llama-like
`EsmcForMaskedLM` (`esmc.layers.i.self_attn`), and those of TransformerEngine, which keeps each norm with the map that
follows it (`esmc.transformer.blocks.i.ffn.fc1_weight`: the hub's files of 2026). The table of embeddings has 64 rows,
of which 33 are letters; the scores have 64 columns alike. Its vocabulary holds a chain break `|` in the place of
ESM-2's empty token.
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
from protea.encoders.language.vocabulary import ESM_LETTERS, Vocabulary

__all__ = ["ESMC_VOCABULARY", "ESMCConfig"]

ESMC_VOCABULARY = Vocabulary(
    name="esmc",
    tokens=("<cls>", "<pad>", "<eos>", "<unk>", *ESM_LETTERS, ".", "-", "|", "<mask>"),
    unknown="<unk>", mask="<mask>", pad="<pad>", first="<cls>", last="<eos>",
)  # fmt: skip
"""33 tokens; `|` parts chains."""

_NUM_ROWS = 64
_HIDDEN_MULTIPLE = 256
_UNSCALED_DEPTH = 36
"""Number of blocks at which the residual branches are not scaled."""

_SIZES = {"300M": (30, 960, 15), "600M": (36, 1152, 18), "6B": (80, 2560, 40)}
"""Layers, width, heads."""

_BLOCK = r"transformer.blocks.\1"
_NATIVE = r"transformer\.blocks\.(\d+)"
_LLAMA = r"esmc\.layers\.(\d+)"

_NATIVE_NAMES = PublishedNames(
    "esm",
    (
        Rule(r"embed\.weight", "embedding.token.weight"),
        Rule(rf"{_NATIVE}\.attn\.layernorm_qkv\.0\.(weight|bias)", rf"{_BLOCK}.attention_norm.\2"),
        Rule(rf"{_NATIVE}\.attn\.layernorm_qkv\.1\.weight", rf"{_BLOCK}.attention.qkv.weight"),
        Rule(rf"{_NATIVE}\.attn\.q_ln\.weight", rf"{_BLOCK}.attention.query_norm.weight"),
        Rule(rf"{_NATIVE}\.attn\.k_ln\.weight", rf"{_BLOCK}.attention.key_norm.weight"),
        Rule(rf"{_NATIVE}\.attn\.out_proj\.weight", rf"{_BLOCK}.attention.out.weight"),
        Rule(rf"{_NATIVE}\.ffn\.0\.(weight|bias)", rf"{_BLOCK}.feed_forward_norm.\2"),
        Rule(rf"{_NATIVE}\.ffn\.1\.weight", rf"{_BLOCK}.feed_forward.first.weight"),
        Rule(rf"{_NATIVE}\.ffn\.3\.weight", rf"{_BLOCK}.feed_forward.second.weight"),
        Rule(r"transformer\.norm\.weight", "transformer.last_norm.weight"),
        Rule(r"sequence_head\.0\.(weight|bias)", r"head.dense.\1"),
        Rule(r"sequence_head\.2\.(weight|bias)", r"head.norm.\1"),
        Rule(r"sequence_head\.3\.(weight|bias)", r"head.decoder.\1"),
    ),
)
_HUB_NAMES = PublishedNames(
    "the hub",
    (
        Rule(r"esmc\.embed_tokens\.weight", "embedding.token.weight"),
        Rule(rf"{_LLAMA}\.input_layernorm\.(weight|bias)", rf"{_BLOCK}.attention_norm.\2"),
        *(
            Rule(rf"{_LLAMA}\.self_attn\.{part}_proj\.weight", rf"{_BLOCK}.attention.qkv.weight", place, 3)
            for place, part in enumerate("qkv")
        ),
        Rule(rf"{_LLAMA}\.self_attn\.q_norm\.weight", rf"{_BLOCK}.attention.query_norm.weight"),
        Rule(rf"{_LLAMA}\.self_attn\.k_norm\.weight", rf"{_BLOCK}.attention.key_norm.weight"),
        Rule(rf"{_LLAMA}\.self_attn\.o_proj\.weight", rf"{_BLOCK}.attention.out.weight"),
        Rule(rf"{_LLAMA}\.post_attention_layernorm\.(weight|bias)", rf"{_BLOCK}.feed_forward_norm.\2"),
        Rule(rf"{_LLAMA}\.mlp\.gate_proj\.weight", rf"{_BLOCK}.feed_forward.first.weight", 0, 2),
        Rule(rf"{_LLAMA}\.mlp\.up_proj\.weight", rf"{_BLOCK}.feed_forward.first.weight", 1, 2),
        Rule(rf"{_LLAMA}\.mlp\.down_proj\.weight", rf"{_BLOCK}.feed_forward.second.weight"),
        Rule(r"esmc\.norm\.weight", "transformer.last_norm.weight"),
        Rule(r"lm_head\.dense\.(weight|bias)", r"head.dense.\1"),
        Rule(r"lm_head\.layer_norm\.(weight|bias)", r"head.norm.\1"),
        Rule(r"lm_head\.decoder\.(weight|bias)", r"head.decoder.\1"),
    ),
)
_FUSED = r"(?:esmc\.)?transformer\.blocks\.(\d+)"
_FUSED_NAMES = PublishedNames(
    "the hub, fused",
    (
        Rule(r"(?:esmc\.)?embed\.weight", "embedding.token.weight"),
        Rule(rf"{_FUSED}\.attn\.layernorm_qkv\.layer_norm_(weight|bias)", rf"{_BLOCK}.attention_norm.\2"),
        Rule(rf"{_FUSED}\.attn\.layernorm_qkv\.weight", rf"{_BLOCK}.attention.qkv.weight"),
        Rule(rf"{_FUSED}\.attn\.q_ln\.weight", rf"{_BLOCK}.attention.query_norm.weight"),
        Rule(rf"{_FUSED}\.attn\.k_ln\.weight", rf"{_BLOCK}.attention.key_norm.weight"),
        Rule(rf"{_FUSED}\.attn\.out_proj\.weight", rf"{_BLOCK}.attention.out.weight"),
        Rule(rf"{_FUSED}\.ffn\.layer_norm_(weight|bias)", rf"{_BLOCK}.feed_forward_norm.\2"),
        Rule(rf"{_FUSED}\.ffn\.fc1_weight", rf"{_BLOCK}.feed_forward.first.weight"),
        Rule(rf"{_FUSED}\.ffn\.fc2_weight", rf"{_BLOCK}.feed_forward.second.weight"),
        Rule(r"(?:esmc\.)?transformer\.norm\.weight", "transformer.last_norm.weight"),
        Rule(r"lm_head\.0\.(weight|bias)", r"head.dense.\1"),
        Rule(r"lm_head\.2\.(weight|bias)", r"head.norm.\1"),
        Rule(r"lm_head\.3\.(weight|bias)", r"head.decoder.\1"),
    ),
    ignored=(r".+\._extra_state",),  # what TransformerEngine notes of its eight-bit scales
)


class ESMCConfig(LanguageModelConfig):
    """ESM C; the defaults are the smallest published size."""

    names: ClassVar[tuple[PublishedNames, ...]] = (_NATIVE_NAMES, _HUB_NAMES, _FUSED_NAMES)

    kind: Literal["esmc"] = "esmc"
    num_layers: int = Field(default=30, ge=1, description="Number of blocks.")
    width: int = Field(default=960, ge=1, description="Width of the states.")
    num_heads: int = Field(default=15, ge=1, description="Attention heads; they divide the width.")

    @classmethod
    def sized(cls, size: str) -> "ESMCConfig":
        """Return a published size: 300M, 600M, 6B."""
        layers, width, heads = published_size("esmc", _SIZES, size)
        return cls(num_layers=layers, width=width, num_heads=heads)

    def build(self) -> LanguageModel:
        """Return the model with random weights."""
        shape = TransformerShape(
            width=self.width, num_layers=self.num_layers, num_heads=self.num_heads,
            head_dim=head_dim_of(self.kind, self.width, self.num_heads), hidden_dim=_hidden_dim(self.width),
            activation="swiglu", last_norm="layer_without_bias", has_bias=False, normalises_query_and_key=True,
            residual_scale=(_UNSCALED_DEPTH / self.num_layers) ** 0.5,
        )  # fmt: skip
        return LanguageModel(
            ESMC_VOCABULARY, TokenEmbedding(_NUM_ROWS, self.width), PackedTransformer(shape),
            LanguageHead(self.width, _NUM_ROWS),
        )  # fmt: skip


def _hidden_dim(width: int) -> int:
    """Return eight thirds of the width, rounded up to a multiple of 256."""
    return -(-8 * width // (3 * _HIDDEN_MULTIPLE)) * _HIDDEN_MULTIPLE
