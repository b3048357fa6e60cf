"""The plain way to read sequences with prompts: padded rows, and one explicit mask over all tokens and prompts."""

import torch
from torch import Tensor

from protea.encoders.language.model import LanguageModel
from protea.encoders.language.rotary import turn_of_places, turned

__all__ = ["dense_reading"]


def dense_reading(model: LanguageModel, sequences: list[str], names: tuple[str, ...]) -> list[Tensor]:
    """The last state of the tokens of each sequence, then of the prompts, by one softmax under a mask per block.

    Rows are [tokens, padding, prompts]. A token hears the tokens of its sequence and every prompt; a prompt hears
    itself (`one_way`) or every prompt (`gated`).
    """
    assert model.prompts is not None
    tokens, prompts = model.tokens(sequences), model.prompts
    is_gated = prompts.gate is not None
    num, longest = len(names), max(tokens.lengths)
    first = model.embedding(tokens, has_dropout=not (is_gated and num))
    rows = torch.stack([prompts.row[f"<{name}>"] for name in names]) if names else first[:0]
    rows = rows if model.embedding.norm is None else model.embedding.norm(rows)
    state = first.new_zeros(len(sequences), longest + num, model.width)
    mask = first.new_full((len(sequences), 1, longest + num, longest + num), -torch.inf)
    for number, own in enumerate(tokens.slices()):
        length = tokens.lengths[number]
        state[number, :length], state[number, longest:] = first[own], rows
        mask[number, :, :length, :length] = 0.0
        mask[number, :, :length, longest:] = 0.0
        # Padding must hear something, or its softmax is not defined; nobody hears it.
        mask[number, :, range(length, longest), range(length, longest)] = 0.0
    if is_gated:
        mask[:, :, longest:, longest:] = 0.0
    else:
        mask[:, :, range(longest, longest + num), range(longest, longest + num)] = 0.0
    for layer in range(model.num_layers):
        state = _block(model, layer, state, mask, longest)
    state = model.transformer.last_norm(state)
    kept = [[*range(length), *range(longest, longest + num)] for length in tokens.lengths]
    return [state[number, rows] for number, rows in enumerate(kept)]


def _block(model: LanguageModel, layer: int, state: Tensor, mask: Tensor, longest: int) -> Tensor:
    shape, block = model.transformer.shape, model.transformer.blocks[layer]
    query, key, value = block.attention.qkv(block.attention_norm(state)).chunk(3, dim=2)
    if shape.normalises_query_and_key:
        query, key = block.attention.query_norm(query), block.attention.key_norm(key)
    query, key, value = (part.unflatten(2, (shape.num_heads, shape.head_dim)) for part in (query, key, value))
    scale = shape.head_dim**-0.5 if shape.attention_scale is None else shape.attention_scale
    plain = torch.einsum("bqhd,bkhd->bhqk", query, key)
    if shape.rotary is not None:
        # Only what both have a place is turned.
        at_place = turn_of_places(torch.arange(longest), model.transformer.frequency, state.dtype, shape.rotary)
        turned_query, turned_key = (
            torch.stack([turned(row[:longest].contiguous(), at_place) for row in part]) for part in (query, key)
        )
        plain = plain.clone()
        plain[:, :, :longest, :longest] = torch.einsum("bqhd,bkhd->bhqk", turned_query, turned_key)
    scores = plain * scale + mask
    if model.relative_bias is not None:
        scores = scores.clone()
        scores[:, :, :longest, :longest] += model.relative_bias.bias(longest)
    heard = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(3), value).flatten(2)
    change = block.attention.out(heard)
    gate = model.prompts.gate
    if gate is not None and state.shape[1] > longest:
        of_prompts = change[:, longest:]
        share = ((of_prompts / of_prompts.norm(dim=2, keepdim=True)) @ gate[layer]).mean(1)
        factor = torch.ones_like(state[:, :, :1])
        factor[:, :longest] = 1 - share[:, None, None]
        change = change * factor
    state = state + shape.residual_scale * change
    return state + shape.residual_scale * block.feed_forward(block.feed_forward_norm(state).flatten(0, 1)).view(
        state.shape
    )
