"""Attention stays inside sequences, fused or not, with a bias or without."""

import pytest
import torch

from protea.encoders.language.attention import WithinSequences, attention_shares
from protea.encoders.language.tokens import TokenBatch

HEADS, DIM = 2, 4
LENGTHS = (3, 1, 5, 5, 2, 2, 2)
TOKENS = TokenBatch(torch.zeros(sum(LENGTHS), dtype=torch.int64), LENGTHS)


def drawn(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return tuple(torch.randn(sum(LENGTHS), HEADS, DIM, dtype=dtype) for _ in range(3))


def by_hand(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """One softmax over all tokens of the pack, with other sequences at minus infinity."""
    scores = torch.einsum("qhd,khd->hqk", query, key) * 0.3
    scores = scores if bias is None else scores + bias
    is_other = TOKENS.sequence_of[:, None] != TOKENS.sequence_of[None]
    return torch.einsum("hqk,khd->qhd", scores.masked_fill(is_other, -torch.inf).softmax(2), value)


def test_equals_one_masked_softmax_over_the_pack(dtype: torch.dtype) -> None:
    values = drawn(dtype)
    torch.testing.assert_close(WithinSequences(TOKENS)(0, *values, 0.3), by_hand(*values))


def test_the_unfused_way_is_the_same_and_tells_every_sequence(dtype: torch.dtype) -> None:
    values, told = drawn(dtype), []
    attend = WithinSequences(TOKENS, lambda layer, sequence, shares: told.append((layer, sequence, shares)))
    torch.testing.assert_close(attend(4, *values, 0.3), by_hand(*values))
    assert [(layer, sequence) for layer, sequence, _ in told] == [(4, number) for number in range(len(LENGTHS))]
    for length, (_, _, shares) in zip(LENGTHS, told, strict=True):
        assert shares.shape == (HEADS, length, length)
        torch.testing.assert_close(shares.sum(2), torch.ones(HEADS, length, dtype=dtype))


@pytest.mark.parametrize("is_told", [False, True])
def test_a_bias_is_added_to_the_scores_of_its_sequence(dtype: torch.dtype, is_told: bool) -> None:
    values, whole = drawn(dtype), torch.randn(HEADS, len(TOKENS.token), len(TOKENS.token), dtype=dtype)

    def bias_of(layer: int, sequence: int) -> torch.Tensor:
        assert layer == 1
        own = TOKENS.slices()[sequence]
        return whole[:, own, own]

    attend = WithinSequences(TOKENS, (lambda *_: None) if is_told else None, bias_of)
    torch.testing.assert_close(attend(1, *values, 0.3), by_hand(*values, whole))


def test_shares_of_equal_scores_are_equal_and_of_one_token_one() -> None:
    key = torch.randn(1, 4, DIM)
    torch.testing.assert_close(attention_shares(torch.zeros(1, 4, DIM), key, 1.0), torch.full((1, 4, 4), 0.25))
    assert attention_shares(torch.randn(1, 1, DIM), key[:, :1], 1.0).item() == 1.0


def test_gradients_equal_those_by_hand() -> None:
    values = [value.requires_grad_() for value in drawn(torch.float64)]
    target = torch.randn(sum(LENGTHS), HEADS, DIM, dtype=torch.float64)
    found = torch.autograd.grad((WithinSequences(TOKENS)(0, *values, 0.3) * target).sum(), values)
    expected = torch.autograd.grad((by_hand(*values) * target).sum(), values)
    for mine, other in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, other)


def test_mixed_precision_is_trained_in_single_precision_on_a_cpu() -> None:
    """The fused gradient of bfloat16 is the slower one there, and scores need not be rounded."""
    query, key, value = drawn(torch.float32)
    query.requires_grad_()
    expected = WithinSequences(TOKENS)(0, query, key, value.bfloat16().float(), 0.3)
    with torch.autocast("cpu", torch.bfloat16):
        found = WithinSequences(TOKENS)(0, query, key, value.bfloat16(), 0.3)
        with torch.no_grad():
            assert WithinSequences(TOKENS)(0, query, key, value, 0.3).dtype == torch.bfloat16
    assert found.dtype == torch.float32
    assert torch.equal(found, expected)


def test_views_of_one_joined_map_are_read_in_place() -> None:
    joined = torch.randn(sum(LENGTHS), 3, HEADS, DIM)
    before = joined.clone()
    query, key, value = joined.unbind(1)
    torch.testing.assert_close(WithinSequences(TOKENS)(0, query, key, value, 0.3), by_hand(query, key, value))
    assert torch.equal(joined, before)


def test_nothing_is_noted_and_all_is_kept_unless_a_way_says_so() -> None:
    attend = WithinSequences(TOKENS)
    attend.before_turn(0, drawn(torch.float32)[0])
    assert attend.kept(0) is None
