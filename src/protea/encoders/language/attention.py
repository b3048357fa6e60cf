"""Attention inside each packed sequence: what a token hears of the other tokens of its own sequence.

A transformer asks an `Attend` for the values that each token gathers; one is made for every forward pass, so it
may carry something from layer to layer (a bias of positions, a pair term).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import groupby

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from protea.encoders.language.tokens import TokenBatch
from protea.encoders.language.variable_length import takes_variable_lengths, variable_length_attention

__all__ = ["Attend", "AttentionSink", "WithinSequences", "attention_shares", "groups_of_equal_length"]

AttentionSink = Callable[[int, int, Float[Tensor, "head query key"]], None]
"""Is told layer, sequence and the attention of its tokens (shares that sum to 1 over keys), layer by layer.

Keys are the tokens of the sequence, then the prompts that are on.
"""


class Attend(ABC):
    """What each token gathers in one layer; the subclass says from where and with which bias."""

    def before_turn(self, layer: int, query: Float[Tensor, "token head dim"]) -> None:  # noqa: B027 - most need it not
        """Be shown the queries before places turn them, for what has no place; nothing is noted by default."""

    def kept(self, layer: int) -> Float[Tensor, ""] | None:
        """Return a factor of what the layer adds by attention; None for all of it."""
        return None

    @abstractmethod
    def __call__(
        self, layer: int, query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
        value: Float[Tensor, "token head dim"], scale: float,
    ) -> Float[Tensor, "token head dim"]:  # fmt: skip
        """Return the mean of the values by the softmax of scale times query times key."""


class WithinSequences(Attend):
    """Plain attention inside each sequence, fused; with a sink the shares are made and told.

    Neighbours of equal length are one call on a CPU; half precision on a GPU is one call for the whole pack.
    `bias_of` returns what is added to the scores of a layer and sequence before the softmax, [head, query, key].
    """

    def __init__(
        self, tokens: TokenBatch, sink: AttentionSink | None = None,
        bias_of: Callable[[int, int], Float[Tensor, "head query key"]] | None = None,
    ) -> None:  # fmt: skip
        self.tokens, self.slices, self.sink, self.bias_of = tokens, tokens.slices(), sink, bias_of
        self.is_plain = sink is None and bias_of is None
        self.groups = groups_of_equal_length(tokens.lengths)

    def __call__(
        self, layer: int, query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
        value: Float[Tensor, "token head dim"], scale: float,
    ) -> Float[Tensor, "token head dim"]:  # fmt: skip
        """Return the gathered values of all sequences."""
        if self.is_plain:
            if takes_variable_lengths(query):
                return variable_length_attention(
                    query, key, value, self.tokens.token_ptr, max(self.tokens.lengths), scale
                )
            return _by_groups(self.groups, query, key, value, scale)
        gathered = [
            self._one(
                layer, number, query[own].transpose(0, 1), key[own].transpose(0, 1), value[own].transpose(0, 1), scale
            )
            for number, own in enumerate(self.slices)
        ]
        return torch.cat([part.transpose(0, 1) for part in gathered])

    def _one(
        self, layer: int, number: int, query: Float[Tensor, "head query dim"], key: Float[Tensor, "head key dim"],
        value: Float[Tensor, "head key dim"], scale: float,
    ) -> Float[Tensor, "head query dim"]:  # fmt: skip
        bias = None if self.bias_of is None else self.bias_of(layer, number)
        if self.sink is None:
            return scaled_dot_product_attention(query[None], key[None], value[None], attn_mask=bias, scale=scale)[0]
        shares = attention_shares(query, key, scale, bias)
        self.sink(layer, number, shares)
        return shares @ value


def groups_of_equal_length(lengths: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Return runs of neighbours of equal length as (first token, number of sequences, length)."""
    found, first = [], 0
    for length, run in groupby(lengths):
        number = len(list(run))
        found.append((first, number, length))
        first += number * length
    return found


def _by_groups(
    groups: list[tuple[int, int, int]], query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
    value: Float[Tensor, "token head dim"], scale: float,
) -> Float[Tensor, "token head dim"]:  # fmt: skip
    # One split for all groups: its gradient is one concatenation, that of a slice would be as long as the pack.
    sizes = [number * length for _, number, length in groups]
    gathered = []
    for (_, number, length), *parts in zip(groups, *(whole.split(sizes) for whole in (query, key, value)), strict=True):
        queries, keys, values = (part.unflatten(0, (number, length)).transpose(1, 2) for part in parts)
        gathered.append(_fused(queries, keys, values, scale).transpose(1, 2).flatten(0, 1))
    return gathered[0] if len(gathered) == 1 else torch.cat(gathered)


def _fused(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """Return fused attention; in mixed precision on a CPU in float32, whose gradient is the faster one there."""
    if query.device.type != "cpu" or not (torch.is_autocast_enabled("cpu") and torch.is_grad_enabled()):
        return scaled_dot_product_attention(query, key, value, scale=scale)
    with torch.autocast("cpu", enabled=False):
        return scaled_dot_product_attention(query.float(), key.float(), value.float(), scale=scale)


def attention_shares(
    query: Float[Tensor, "head query dim"], key: Float[Tensor, "head key dim"], scale: float,
    bias: Float[Tensor, "head query key"] | None = None,
) -> Float[Tensor, "head query key"]:  # fmt: skip
    """Return the softmax over keys of scale times query times key plus the bias."""
    scores = (query * scale) @ key.transpose(1, 2)
    return (scores if bias is None else scores + bias).softmax(dim=-1)
