"""Blocks by their formula for every option, the precision of the frequencies, states told, memory traded for time."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from protea.encoders.language.attention import WithinSequences
from protea.encoders.language.rotary import frequencies, turn_of_places, turned
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.language.transformer import PackedTransformer, TransformerShape
from protea.errors import ConfigError

ESM = TransformerShape(width=12, num_layers=2, num_heads=3, head_dim=4, hidden_dim=20)
SHAPES = {
    "esm2": ESM,
    "esm1": replace(ESM, rotary=None),
    "esmc": replace(
        ESM, activation="swiglu", last_norm="layer_without_bias", normalises_query_and_key=True, has_bias=False,
        residual_scale=0.5,
    ),
    "amplify": replace(ESM, activation="swiglu", norm="rms", last_norm="rms", rotary="neighbours", has_bias=False),
    "t5": replace(
        ESM, activation="relu", norm="rms", last_norm="rms", rotary=None, has_bias=False, head_dim=8,
        attention_scale=1.0,
    ),
}  # fmt: skip
TOKENS = TokenBatch(torch.zeros(9, dtype=torch.int64), (4, 1, 4))


def build(shape: TransformerShape, dtype: torch.dtype) -> PackedTransformer:
    model = PackedTransformer(shape)
    for parameter in model.parameters():
        parameter.data = parameter.data + 0.3 * torch.randn_like(parameter)
    return model.to(dtype).eval()


def by_hand(model: PackedTransformer, state: Tensor, place: Tensor) -> Tensor:
    """The formula of the docstring on one sequence, one map at a time."""
    shape = model.shape
    scale = shape.head_dim**-0.5 if shape.attention_scale is None else shape.attention_scale
    for block in model.blocks:
        joined = block.attention.qkv(block.attention_norm(state))
        query, key, value = joined.split(shape.num_heads * shape.head_dim, dim=1)
        if shape.normalises_query_and_key:
            query, key = block.attention.query_norm(query), block.attention.key_norm(key)
        query, key, value = (part.view(-1, shape.num_heads, shape.head_dim) for part in (query, key, value))
        if shape.rotary is not None:
            turn = turn_of_places(place, frequencies(shape.head_dim), state.dtype, shape.rotary)
            query, key = turned(query, turn), turned(key, turn)
        shares = (torch.einsum("qhd,khd->hqk", query, key) * scale).softmax(2)
        heard = torch.einsum("hqk,khd->qhd", shares, value).flatten(1)
        state = state + block.attention.out(heard) * shape.residual_scale
        state = state + block.feed_forward(block.feed_forward_norm(state)) * shape.residual_scale
    return model.last_norm(state)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("has_gradients", [False, True])
def test_blocks_by_their_formula(name: str, has_gradients: bool, dtype: torch.dtype) -> None:
    model, state = build(SHAPES[name], dtype), torch.randn(9, 12, dtype=dtype)
    before = state.clone()
    with torch.set_grad_enabled(has_gradients):
        found = model(state, TOKENS, WithinSequences(TOKENS))
        for own in TOKENS.slices():
            expected = by_hand(model, state[own], torch.arange(own.stop - own.start))
            torch.testing.assert_close(found[own], expected, rtol=1e-4, atol=1e-5)
    assert torch.equal(state, before)
    assert found.requires_grad == has_gradients


@pytest.mark.parametrize("name", SHAPES)
def test_gradients_equal_those_of_the_formula(name: str) -> None:
    model, state = build(SHAPES[name], torch.float64), torch.randn(9, 12, dtype=torch.float64, requires_grad=True)
    wanted = [state, *model.parameters()]
    target = torch.randn(9, 12, dtype=torch.float64)
    found = torch.autograd.grad((model(state, TOKENS, WithinSequences(TOKENS)) * target).sum(), wanted)
    plain = torch.cat([by_hand(model, state[own], torch.arange(own.stop - own.start)) for own in TOKENS.slices()])
    for mine, other in zip(found, torch.autograd.grad((plain * target).sum(), wanted), strict=True):
        torch.testing.assert_close(mine, other)


def test_given_places_replace_those_of_the_tokens() -> None:
    model, state, place = (
        build(ESM, torch.float64),
        torch.randn(9, 12, dtype=torch.float64),
        torch.arange(9).flip(0) * 3,
    )
    found = model(state, TOKENS, WithinSequences(TOKENS), place=place)
    torch.testing.assert_close(found[5:], by_hand(model, state[5:], place[5:]))


def test_states_are_told_before_the_last_normalisation() -> None:
    model, state = build(ESM, torch.float64), torch.randn(9, 12, dtype=torch.float64)
    told: dict[int, Tensor] = {}
    with torch.no_grad():
        last = model(state, TOKENS, WithinSequences(TOKENS), lambda number, seen: told.update({number: seen}))
        again: Tensor = state
        for number, block in enumerate(model.blocks):
            torch.testing.assert_close(told[number], again)
            turn = turn_of_places(TOKENS.place, model.frequency, torch.float64)
            again = block(again, WithinSequences(TOKENS), turn)
    assert list(told) == [0, 1, 2]
    torch.testing.assert_close(told[2], again)
    torch.testing.assert_close(model.last_norm(told[2]), last)


def test_conversion_keeps_the_precision_of_the_frequencies() -> None:
    model = PackedTransformer(replace(ESM, head_dim=32, stores_frequencies=True))
    exact = model.frequency.clone()
    for convert in (nn.Module.bfloat16, nn.Module.half, nn.Module.float, nn.Module.double):
        convert(model)
        assert model.frequency.dtype == torch.float32
        assert torch.equal(model.frequency, exact)
    assert model.blocks[0].attention.qkv.weight.dtype == torch.float64
    assert model.to("meta").frequency.is_meta


def test_frequencies_are_weights_only_where_they_were_published() -> None:
    assert "frequency" not in PackedTransformer(ESM).state_dict()
    assert "frequency" in PackedTransformer(replace(ESM, stores_frequencies=True)).state_dict()
    assert not hasattr(PackedTransformer(replace(ESM, rotary=None)), "frequency")


def test_recomputed_blocks_give_the_same_gradients() -> None:
    model, state = build(ESM, torch.float64).train(), torch.randn(9, 12, dtype=torch.float64, requires_grad=True)
    found = []
    for recomputes in (False, True):
        model.recomputes = recomputes
        result = model(state, TOKENS, WithinSequences(TOKENS))
        found.append(torch.autograd.grad(result.square().sum(), [state, *model.parameters()]))
    for plain, again in zip(*found, strict=True):
        torch.testing.assert_close(plain, again)


class Listening(WithinSequences):
    """Plain attention that notes the queries it is shown, and keeps a part of what the layers add."""

    def __init__(self, tokens: TokenBatch, share: float) -> None:
        super().__init__(tokens)
        self.share, self.shown = share, []

    def before_turn(self, layer: int, query: Tensor) -> None:
        self.shown.append((layer, query.clone()))

    def kept(self, layer: int) -> Tensor:
        return torch.tensor(self.share, dtype=torch.float64)


@pytest.mark.parametrize("has_gradients", [False, True])
@pytest.mark.parametrize("name", SHAPES)
def test_queries_are_shown_before_they_are_turned_and_a_layer_is_kept_in_part(name: str, has_gradients: bool) -> None:
    model, state = build(SHAPES[name], torch.float64), torch.randn(9, 12, dtype=torch.float64)
    listening = Listening(TOKENS, 0.25)
    with torch.set_grad_enabled(has_gradients):
        found = model(state, TOKENS, listening)
        shape, block = model.shape, model.blocks[0]
        query = block.attention.qkv(block.attention_norm(state)).chunk(3, dim=1)[0]
        query = query if block.attention.query_norm is None else block.attention.query_norm(query)
        assert [layer for layer, _ in listening.shown] == [0, 1]
        torch.testing.assert_close(listening.shown[0][1].flatten(1), query)
        for block in model.blocks:  # the same as an output map of a quarter
            block.attention.out.weight.data.mul_(0.25)
            if shape.has_bias:
                block.attention.out.bias.data.mul_(0.25)
        torch.testing.assert_close(found, model(state, TOKENS, WithinSequences(TOKENS)))


def test_only_rotary_heads_must_be_even() -> None:
    assert replace(ESM, head_dim=15, rotary=None).head_dim == 15
    with pytest.raises(ConfigError, match=r"odd width.*found 15"):
        replace(ESM, head_dim=15)
