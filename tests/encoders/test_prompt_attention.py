"""Attention to tokens and prompts equals one masked softmax, on every way that leads there."""

import pytest
import torch
from torch import Tensor

from protea.encoders.language import variable_length
from protea.encoders.language.rotary import frequencies, turn_of_places, turned
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.prompt_attention import WithPrompts
from protea.encoders.prompt_states import PromptStates

HEADS, DIM, SCALE = 2, 4, 0.3
LENGTHS = (3, 1, 5, 5, 2, 2, 2)
TOKENS = TokenBatch(torch.zeros(sum(LENGTHS), dtype=torch.int64), LENGTHS)
TURN = turn_of_places(TOKENS.place, frequencies(DIM), torch.float64)


def drawn(num_prompts: int, dtype: torch.dtype = torch.float64) -> tuple[list[Tensor], PromptStates]:
    values = [torch.randn(sum(LENGTHS), HEADS, DIM, dtype=dtype) for _ in range(3)]
    key, value = (torch.randn(num_prompts, HEADS, DIM, dtype=dtype) for _ in range(2))
    names = tuple(f"p{number}" for number in range(num_prompts))
    return values, PromptStates(names, (key,), (value,), None, torch.zeros(num_prompts, 8))


def by_hand(
    query: Tensor, key: Tensor, value: Tensor, states: PromptStates, *, is_turned: bool, bias: Tensor | None = None
) -> Tensor:
    """One softmax over all tokens of the pack and the prompts, other sequences at minus infinity."""
    to_prompts = torch.einsum("qhd,khd->hqk", query, states.key[0]) * SCALE
    if is_turned:
        query, key = turned(query, TURN), turned(key, TURN)
    scores = torch.einsum("qhd,khd->hqk", query, key) * SCALE
    scores = scores if bias is None else scores + bias
    scores = scores.masked_fill(TOKENS.sequence_of[:, None] != TOKENS.sequence_of[None], -torch.inf)
    shares = torch.cat([scores, to_prompts], dim=2).softmax(2)
    return torch.einsum("hqk,khd->qhd", shares, torch.cat([value, states.value[0]]))


def attended(attend: WithPrompts, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    attend.before_turn(0, query)
    if attend.is_turned:
        query, key = turned(query, TURN), turned(key, TURN)
    return attend(0, query, key, value, SCALE)


@pytest.mark.parametrize("num_prompts", [1, 3, 9])
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("is_told", [False, True])
def test_equals_one_masked_softmax(num_prompts: int, is_turned: bool, is_told: bool) -> None:
    values, states = drawn(num_prompts)
    sink = (lambda *_: None) if is_told else None
    found = attended(WithPrompts(TOKENS, states, is_turned=is_turned, sink=sink), *values)
    torch.testing.assert_close(found, by_hand(*values, states, is_turned=is_turned), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("is_turned", [False, True])
def test_gradients_equal_those_by_hand(is_turned: bool) -> None:
    values, states = drawn(3)
    wanted = [part.requires_grad_() for part in (*values, *states.key, *states.value)]
    target = torch.randn(sum(LENGTHS), HEADS, DIM, dtype=torch.float64)
    attend = WithPrompts(TOKENS, states, is_turned=is_turned)
    found = torch.autograd.grad((attended(attend, *values) * target).sum(), wanted)
    expected = torch.autograd.grad((by_hand(*values, states, is_turned=is_turned) * target).sum(), wanted)
    for mine, other in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, other)


@pytest.mark.parametrize("is_told", [False, True])
def test_a_bias_of_positions_is_none_for_prompts(is_told: bool) -> None:
    values, states = drawn(2)
    whole = torch.randn(HEADS, sum(LENGTHS), sum(LENGTHS), dtype=torch.float64)

    def bias_of(layer: int, sequence: int) -> Tensor:
        own = TOKENS.slices()[sequence]
        return whole[:, own, own]

    sink = (lambda *_: None) if is_told else None
    found = attended(WithPrompts(TOKENS, states, is_turned=False, sink=sink, bias_of=bias_of), *values)
    torch.testing.assert_close(found, by_hand(*values, states, is_turned=False, bias=whole))


def test_one_call_for_the_whole_pack_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of a GPU, with its kernel replaced by a softmax over the keys that the pointers name."""

    def kernel(
        query: Tensor, key: Tensor, value: Tensor, ptr: Tensor, key_ptr: Tensor, longest: int, most_keys: int,
        *, scale: float, num_splits: int,
    ) -> Tensor:  # fmt: skip
        assert (longest, most_keys) == (max(LENGTHS), max(LENGTHS) + 3)
        parts = []
        for start, stop, first, last in zip(ptr, ptr[1:], key_ptr, key_ptr[1:], strict=False):
            scores = torch.einsum("qhd,khd->hqk", query[start:stop], key[first:last]) * scale
            parts.append(torch.einsum("hqk,khd->qhd", scores.softmax(2), value[first:last]))
        return torch.cat(parts)

    monkeypatch.setattr("protea.encoders.prompt_attention.takes_variable_lengths", lambda query: True)
    monkeypatch.setattr(variable_length, "_kernel", lambda: kernel)
    values, states = drawn(3)
    for is_turned in (False, True):
        found = attended(WithPrompts(TOKENS, states, is_turned=is_turned), *values)
        torch.testing.assert_close(found, by_hand(*values, states, is_turned=is_turned))


def test_what_is_kept_of_a_layer_is_told() -> None:
    _, states = drawn(1)
    assert WithPrompts(TOKENS, states, is_turned=False).kept(0) is None
    gated = PromptStates(states.names, states.key, states.value, (torch.tensor(0.5),), states.last)
    assert WithPrompts(TOKENS, gated, is_turned=False).kept(0) == 0.5


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_gpu_gives_the_same(is_turned: bool, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    tokens = TokenBatch(torch.zeros(600, dtype=torch.int64), (250, 7, 343))
    values = [torch.randn(600, 4, 64) for _ in range(3)]
    names, key, value = ("a", "b"), torch.randn(2, 4, 64), torch.randn(2, 4, 64)
    found = {}
    for device, kind in (("cpu", torch.float64), ("cuda", dtype)):
        states = PromptStates(names, (key.to(device, kind),), (value.to(device, kind),), None, torch.zeros(2, 8))
        attend = WithPrompts(tokens.to(device), states, is_turned=is_turned)
        parts = [part.to(device, kind) for part in values]
        attend.before_turn(0, parts[0])
        if is_turned:
            turn = turn_of_places(tokens.to(device).place, frequencies(64).to(device), kind)
            parts = [turned(parts[0], turn), turned(parts[1], turn), parts[2]]
        found[device] = attend(0, *parts, 0.125).double().cpu()
    bound = 1e-5 if dtype == torch.float32 else 2e-2
    assert float((found["cuda"] - found["cpu"]).norm() / found["cpu"].norm()) < bound
