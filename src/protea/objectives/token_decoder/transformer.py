"""The decoder: a small causal transformer over packed labels that looks at the residues of its own protein alone.

What is read is a token that asks for a task, and what was written so far. A residue that a token names, or whose label
comes next, is shown with it; residues are named by pointing at them, so that a label can name residues that training
never had a place for. Axes: token (packed), residue (packed), column (of the vocabulary, then residues), channel.
"""

from itertools import pairwise

import torch
from jaxtyping import Float, Int
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from protea.config import Config
from protea.encoders.language.rotary import frequencies
from protea.errors import ConfigError, describe
from protea.objectives.token_decoder.attention import GrowingLabels, OwnProtein, WholeLabels
from protea.objectives.token_decoder.catalogue import AnyGrammarConfig
from protea.objectives.token_decoder.grammar import Grammar
from protea.objectives.token_decoder.packs import Memory, TokenPack
from protea.objectives.token_decoder.vocabulary import Vocabulary

__all__ = ["DecoderBlock", "TokenDecoder", "TokenDecoderConfig", "place_code"]


class TokenDecoderConfig(Config):
    """One decoder for the labels of several tasks. Objectives with equal settings of it share one."""

    tasks: dict[str, AnyGrammarConfig] = Field(
        min_length=1, description="Grammar of each task by its name; new ones go to the end."
    )
    width: int = Field(64, ge=2, description="Channels of a token.")
    layers: int = Field(2, ge=1, description="Number of blocks.")
    heads: int = Field(4, ge=1, description="Heads of attention.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of what each part of a block adds.")

    @model_validator(mode="after")
    def _check(self) -> "TokenDecoderConfig":
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} is no multiple of twice the {self.heads} heads")
        return self

    def build(self, input_dim: int) -> "TokenDecoder":
        """Return the decoder for residue embeddings of this width."""
        return TokenDecoder(self, input_dim)


def place_code(place: Int[Tensor, " item"], width: int, dtype: torch.dtype) -> Float[Tensor, "item channel"]:
    """Return sine and cosine of place times frequency (Vaswani et al. 2017)."""
    angle = place.to(dtype)[:, None] * frequencies(width).to(place.device, dtype)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class DecoderBlock(nn.Module):
    """Own label, own protein, feed-forward; each is normalised before and added after."""

    def __init__(self, config: TokenDecoderConfig, layer: int) -> None:
        super().__init__()
        width = config.width
        self.layer, self.heads = layer, config.heads
        self.label_norm, self.protein_norm, self.forward_norm = (nn.LayerNorm(width) for _ in range(3))
        self.label_in, self.label_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.protein_in, self.protein_out = nn.Linear(width, width), nn.Linear(width, width)
        self.memory = nn.Linear(width, 2 * width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(config.dropout)

    def remember(self, state: Float[Tensor, "residue channel"]) -> tuple[Tensor, Tensor]:
        """Return the keys and values of residues, [residue, head, dim]."""
        key, value = self.memory(state).unflatten(1, (2, self.heads, -1)).unbind(1)
        return key, value

    def forward(
        self, state: Float[Tensor, "token channel"], label: WholeLabels | GrowingLabels, protein: OwnProtein
    ) -> Float[Tensor, "token channel"]:
        """Return the state of every token after the block."""
        query, key, value = self.label_in(self.label_norm(state)).unflatten(1, (3, self.heads, -1)).unbind(1)
        state = state + self.dropout(self.label_out(label(self.layer, query, key, value).flatten(1)))
        asked = self.protein_in(self.protein_norm(state)).unflatten(1, (self.heads, -1))
        state = state + self.dropout(self.protein_out(protein(self.layer, asked).flatten(1)))
        return state + self.dropout(self.down(F.gelu(self.up(self.forward_norm(state)))))


class TokenDecoder(nn.Module):
    """Vocabulary, grammars and network of all tasks."""

    def __init__(self, config: TokenDecoderConfig, input_dim: int) -> None:
        super().__init__()
        width = config.width
        self.config, self.width = config, width
        self.vocabulary = Vocabulary({task: grammar.num_tokens for task, grammar in config.tasks.items()})
        self.grammars = {task: grammar.build(self.vocabulary, task) for task, grammar in config.tasks.items()}
        self.norm, self.project = nn.LayerNorm(input_dim), nn.Linear(input_dim, width)
        self.embedding = nn.Embedding(self.vocabulary.num_texts, width)
        self.place = nn.Linear(width, width, bias=False)
        self.shown = nn.Linear(width, width, bias=False)
        self.blocks = nn.ModuleList(DecoderBlock(config, layer) for layer in range(config.layers))
        self.last_norm = nn.LayerNorm(width)
        self.text_output = nn.Linear(width, self.vocabulary.num_texts)
        self.pointer, self.pointed = nn.Linear(width, width), nn.Linear(width, width)

    def grammar(self, task: str) -> Grammar:
        """Return the grammar of a task; raise ConfigError that lists the tasks where there is none."""
        if task not in self.grammars:
            raise ConfigError(describe(f"the decoder has no task {task!r}", expected=f"one of {sorted(self.grammars)}"))
        return self.grammars[task]

    def remember(
        self, embedding: Float[Tensor, "residue input"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Memory:
        """Return the memory of packed proteins."""
        first = tuple(residue_ptr.tolist())
        device = embedding.device
        place = torch.cat([torch.arange(stop - start, device=device) for start, stop in pairwise(first)])
        state = self.project(self.norm(embedding)) + self.place(place_code(place, self.width, embedding.dtype))
        pairs = [block.remember(state) for block in self._blocks()]
        return Memory(
            state, first, tuple(key for key, _ in pairs), tuple(value for _, value in pairs), self.pointed(state)
        )

    def _blocks(self) -> list[DecoderBlock]:
        return [block for block in self.blocks if isinstance(block, DecoderBlock)]

    def forward(self, memory: Memory, pack: TokenPack, *, points: bool) -> Float[Tensor, "token column"]:
        """Return the logits of what follows each token; with columns for residues where labels may point at them."""
        return self.logits(memory, pack, WholeLabels(pack), points=points)

    def logits(
        self, memory: Memory, pack: TokenPack, label: WholeLabels | GrowingLabels, *, points: bool
    ) -> Float[Tensor, "token column"]:
        """Return the same where `label` says what each token gathers of its own label."""
        protein = OwnProtein(memory, pack.first, pack.protein)
        state = self.place(place_code(pack.step, self.width, memory.state.dtype))
        state = state + torch.where(pack.text[:, None] >= 0, self.embedding(pack.text.clamp(min=0)), 0.0)
        shown = self.shown(memory.state)[pack.residue.clamp(min=0)]
        state = state + torch.where(pack.residue[:, None] >= 0, shown, 0.0)
        for block in self._blocks():
            state = block(state, label, protein)
        state = self.last_norm(state)
        texts = self.text_output(state)
        if not points:
            return texts
        width = max(memory.length(one) for one in pack.protein)
        return torch.cat([texts, protein.pointing(self.pointer(state), width)], dim=1)
