"""Attention of tokens that also hear prompts: the keys of a sequence are its own tokens, then the prompts.

Prompts have no place, so where places turn queries and keys (rotary models) a prompt meets the query before it was
turned. The fused kernels take one product per pair, so the queries get one channel more for each prompt, which holds
that product: a prompt's key is 0 but for a 1 there, and the key of a token is 0 in all of them. The softmax is one over
all keys, exactly; docs/decisions/016 says why.
"""

from collections.abc import Callable
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import pad, scaled_dot_product_attention

from protea.encoders.language.attention import Attend, AttentionSink, attention_shares, groups_of_equal_length
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.language.variable_length import takes_variable_lengths, variable_length_attention
from protea.encoders.prompt_states import PromptStates

__all__ = ["WithPrompts"]

_LANES = 8
"""The kernels of a GPU want rows of whole 16 bytes in half precision; on a CPU every channel costs time."""


class WithPrompts(Attend):
    """Attention inside each sequence and to the prompts; with a sink the shares are told, prompts last.

    `is_turned` says that places turn queries and keys. `bias_of` as in `WithinSequences`: there is none for prompts.
    """

    def __init__(
        self, tokens: TokenBatch, states: PromptStates, *, is_turned: bool, sink: AttentionSink | None = None,
        bias_of: Callable[[int, int], Float[Tensor, "head query key"]] | None = None,
    ) -> None:  # fmt: skip
        self.tokens, self.states, self.is_turned = tokens, states, is_turned
        self.sink, self.bias_of = sink, bias_of
        self.groups = groups_of_equal_length(tokens.lengths)
        self.num_prompts = len(states.names)
        self.scores: Tensor | None = None

    def before_turn(self, layer: int, query: Float[Tensor, "token head dim"]) -> None:
        """Note the product of every query with every prompt, before places turn the queries."""
        if self.is_turned:
            self.scores = torch.einsum("qhd,phd->qhp", query, self.states.key[layer].to(query.dtype))

    def kept(self, layer: int) -> Float[Tensor, ""] | None:
        """Return the factor of what the tokens hear in a layer."""
        return None if self.states.kept is None else self.states.kept[layer]

    def __call__(
        self, layer: int, query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
        value: Float[Tensor, "token head dim"], scale: float,
    ) -> Float[Tensor, "token head dim"]:  # fmt: skip
        """Return the gathered values of all sequences."""
        dim = query.shape[2]
        more_key, more_value = (part[layer].to(key.dtype) for part in (self.states.key, self.states.value))
        if self.scores is not None:
            lanes = _LANES if query.is_cuda else 1
            width = -(-self.num_prompts // lanes) * lanes
            query = torch.cat([query, pad(self.scores, (0, width - self.num_prompts))], dim=2)
            more_key = _unit_keys(more_key, width)
            key, value, more_value = (pad(part, (0, width)) for part in (key, value, more_value))
            self.scores = None
        if self.sink is not None or self.bias_of is not None:
            heard = self._one_by_one(layer, query, key, value, more_key, more_value, scale)
        elif takes_variable_lengths(query):
            heard = self._in_one_call(query, key, value, more_key, more_value, scale)
        else:
            heard = self._by_groups(query, key, value, more_key, more_value, scale)
        return heard[:, :, :dim]

    def _by_groups(
        self, query: Tensor, key: Tensor, value: Tensor, more_key: Tensor, more_value: Tensor, scale: float
    ) -> Tensor:
        gathered = []
        for first, number, length in self.groups:
            own = slice(first, first + number * length)
            queries = query[own].unflatten(0, (number, length)).transpose(1, 2)
            keys, values = (
                torch.cat(
                    [part[own].unflatten(0, (number, length)), more.expand(number, *more.shape)], dim=1
                ).transpose(1, 2)
                for part, more in ((key, more_key), (value, more_value))
            )
            heard = scaled_dot_product_attention(queries, keys, values, scale=scale)
            gathered.append(heard.transpose(1, 2).flatten(0, 1))
        return gathered[0] if len(gathered) == 1 else torch.cat(gathered)

    def _in_one_call(
        self, query: Tensor, key: Tensor, value: Tensor, more_key: Tensor, more_value: Tensor, scale: float
    ) -> Tensor:
        tokens, longest = self.tokens, max(self.tokens.lengths)
        keys, values = (
            torch.cat(parts).index_select(0, self._key_rows) for parts in ((key, more_key), (value, more_value))
        )
        return variable_length_attention(query, keys, values, tokens.token_ptr, longest, scale, self.num_prompts)

    @cached_property
    def _key_rows(self) -> Int[Tensor, " key"]:
        """The row of each key, sequence by sequence, among the tokens of the pack and then the prompts."""
        device, num_tokens = self.tokens.token.device, len(self.tokens.token)
        token = torch.arange(num_tokens, device=device)
        prompt = torch.arange(num_tokens, num_tokens + self.num_prompts, device=device)
        return torch.cat([part for own in self.tokens.slices() for part in (token[own], prompt)])

    def _one_by_one(
        self, layer: int, query: Tensor, key: Tensor, value: Tensor, more_key: Tensor, more_value: Tensor, scale: float
    ) -> Tensor:
        gathered = []
        for number, own in enumerate(self.tokens.slices()):
            queries = query[own].transpose(0, 1)
            keys, values = (
                torch.cat([part[own], more]).transpose(0, 1) for part, more in ((key, more_key), (value, more_value))
            )
            bias = None if self.bias_of is None else pad(self.bias_of(layer, number), (0, self.num_prompts))
            if self.sink is None:
                heard = scaled_dot_product_attention(
                    queries[None], keys[None], values[None], attn_mask=bias, scale=scale
                )[0]
            else:
                shares = attention_shares(queries, keys, scale, bias)
                self.sink(layer, number, shares)
                heard = shares @ values
            gathered.append(heard.transpose(0, 1))
        return torch.cat(gathered)


def _unit_keys(like: Float[Tensor, "prompt head dim"], width: int) -> Float[Tensor, "prompt head wider"]:
    """Return keys that read the channel of their own prompt and nothing else."""
    num_prompts, num_heads, dim = like.shape
    unit = torch.eye(num_prompts, width, dtype=like.dtype, device=like.device)
    return pad(unit, (dim, 0))[:, None].expand(num_prompts, num_heads, dim + width)
