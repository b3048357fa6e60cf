"""The one transformer of all language models: pre-norm blocks over packed tokens, no padding in any map.

    x += out(attend(turn(norm(q)), turn(norm(k)), v)) * residual_scale    with q, k, v = qkv(norm(x))
    x += feed_forward(norm(x)) * residual_scale

Options span the published families (see `TransformerShape`). Law: the states of a sequence do not depend on its
neighbours in the pack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from protea.encoders.language.attention import Attend
from protea.encoders.language.feed_forward import Activation, FeedForward
from protea.encoders.language.linear_maps import mapped
from protea.encoders.language.norms import Norm, norm_layer
from protea.encoders.language.rotary import RotaryPairing, Turn, frequencies, turn_of_places, turned
from protea.encoders.language.tokens import TokenBatch
from protea.errors import ConfigError, describe

__all__ = ["Attention", "Block", "PackedTransformer", "StateSink", "TransformerShape"]

StateSink = Callable[[int, Float[Tensor, "token channel"]], None]
"""Is told the number of blocks so far and the state after them (0: the embedding), before the last normalisation."""


@dataclass(frozen=True)
class TransformerShape:
    """Sizes and options of a transformer.

    Raises:
        ConfigError: if rotary positions should turn heads of an odd width.

    Attributes:
        head_dim: channels per head; heads times head_dim may differ from the width (T5).
        attention_scale: factor of query times key; None for head_dim^-1/2.
        rotary: which channels rotary positions turn together; None where positions enter elsewhere.
        stores_frequencies: the rotary frequencies are weights of the checkpoint (fp16-rounded in large models).
        normalises_query_and_key: each gets a norm without bias over its whole width, before it is turned.
    """

    width: int
    num_layers: int
    num_heads: int
    head_dim: int
    hidden_dim: int
    activation: Activation = "gelu"
    norm: Norm = "layer"
    last_norm: Norm = "layer"
    norm_eps: float = 1e-5
    has_bias: bool = True
    rotary: RotaryPairing | None = "halves"
    stores_frequencies: bool = False
    attention_scale: float | None = None
    normalises_query_and_key: bool = False
    residual_scale: float = 1.0

    def __post_init__(self) -> None:
        if self.rotary is not None and self.head_dim % 2:
            raise ConfigError(
                describe("heads of an odd width: rotary positions turn pairs of channels",
                         expected="an even number of channels per head", found=str(self.head_dim))
            )  # fmt: skip


class Attention(nn.Module):
    """One map to query, key and value; attention; one map back."""

    def __init__(self, shape: TransformerShape, layer: int) -> None:
        super().__init__()
        self.shape, self.layer = shape, layer
        inner = shape.num_heads * shape.head_dim
        self.qkv = nn.Linear(shape.width, 3 * inner, bias=shape.has_bias)
        self.out = nn.Linear(inner, shape.width, bias=shape.has_bias)
        has_norms = shape.normalises_query_and_key
        self.query_norm = norm_layer("layer_without_bias", inner, shape.norm_eps) if has_norms else None
        self.key_norm = norm_layer("layer_without_bias", inner, shape.norm_eps) if has_norms else None

    def forward(
        self, state: Float[Tensor, "token channel"], attend: Attend, turn: Turn | None,
        onto: Float[Tensor, "token channel"] | None = None,
    ) -> Float[Tensor, "token channel"]:  # fmt: skip
        """Return the change of the state, or `onto` plus the scaled change."""
        shape = self.shape
        query, key, value = mapped(self.qkv, state).chunk(3, dim=-1)
        if self.query_norm is not None and self.key_norm is not None:
            query, key = self.query_norm(query), self.key_norm(key)
        query, key, value = (part.unflatten(-1, (shape.num_heads, shape.head_dim)) for part in (query, key, value))
        attend.before_turn(self.layer, query)
        if turn is not None:
            in_place = not torch.is_grad_enabled()
            query, key = turned(query, turn, in_place=in_place), turned(key, turn, in_place=in_place)
        scale = shape.head_dim**-0.5 if shape.attention_scale is None else shape.attention_scale
        heard = attend(self.layer, query, key, value, scale).flatten(1)
        kept = attend.kept(self.layer)
        if kept is None:
            return mapped(self.out, heard, onto=onto, scale=shape.residual_scale)
        change = mapped(self.out, heard) * (kept * shape.residual_scale)
        return change if onto is None else onto + change


class Block(nn.Module):
    """Attention and feed-forward, each on the normalised state and added to it."""

    def __init__(self, shape: TransformerShape, layer: int) -> None:
        super().__init__()
        self.residual_scale = shape.residual_scale
        self.attention_norm = norm_layer(shape.norm, shape.width, shape.norm_eps)
        self.attention = Attention(shape, layer)
        self.feed_forward_norm = norm_layer(shape.norm, shape.width, shape.norm_eps)
        self.feed_forward = FeedForward(shape.width, shape.hidden_dim, shape.activation, has_bias=shape.has_bias)

    def forward(
        self, state: Float[Tensor, "token channel"], attend: Attend, turn: Turn | None
    ) -> Float[Tensor, "token channel"]:
        """Return the next state."""
        state = self.attention(self.attention_norm(state), attend, turn, onto=state)
        return self.feed_forward(self.feed_forward_norm(state), onto=state, scale=self.residual_scale)


class PackedTransformer(nn.Module):
    """Blocks and the last normalisation. `recomputes` trades time for memory in training (gradient checkpointing)."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.shape = shape
        self.recomputes = False
        self.blocks = nn.ModuleList(Block(shape, layer) for layer in range(shape.num_layers))
        self.last_norm = norm_layer(shape.last_norm, shape.width, shape.norm_eps)
        if shape.rotary is not None:
            self.register_buffer("frequency", frequencies(shape.head_dim), persistent=shape.stores_frequencies)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Any:
        """Move or convert the module; the frequencies keep their precision, or far places would turn wrongly."""
        exact = self._buffers.get("frequency")
        found = super()._apply(fn, recurse)
        if exact is not None and (moved := found.get_buffer("frequency")).dtype != exact.dtype:
            self._buffers["frequency"] = exact.to(moved.device)
        return found

    def forward(
        self, state: Float[Tensor, "token channel"], tokens: TokenBatch, attend: Attend,
        on_state: StateSink | None = None, place: Tensor | None = None,
    ) -> Float[Tensor, "token channel"]:  # fmt: skip
        """Return the normalised state after all blocks; `place` replaces the places of the tokens."""
        turn = None
        if self.shape.rotary is not None:
            places = tokens.place if place is None else place
            turn = turn_of_places(
                places, self.get_buffer("frequency"), state.dtype, self.shape.rotary, self.shape.num_heads
            )
        for number, block in enumerate(self.blocks):
            if on_state is not None:
                on_state(number, state)
            if self.recomputes and self.training:
                state = checkpoint(block, state, attend, turn, use_reentrant=False)
            else:
                state = block(state, attend, turn)
        if on_state is not None:
            on_state(len(self.blocks), state)
        return self.last_norm(state)
