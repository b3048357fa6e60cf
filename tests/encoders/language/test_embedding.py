"""The first state: token dropout per sequence by hand, learned places, normalisation, the longest sequence."""

import pytest
import torch

from protea.encoders.language.embedding import TokenEmbedding, token_dropout
from protea.encoders.language.tokens import TokenBatch, pack_tokens
from protea.errors import InputError

MASK = 9


def packed(*rows: list[int]) -> TokenBatch:
    return pack_tokens([torch.tensor(row) for row in rows])


def test_token_dropout_by_hand_per_sequence(dtype: torch.dtype) -> None:
    tokens = packed([0, 5, 6, 2], [0, MASK, 6, 7, 2], [0, MASK, MASK, 2])
    state = torch.randn(13, 3, dtype=dtype)
    factor = torch.tensor([0.88] * 4 + [1.1] * 5 + [1.76] * 4, dtype=dtype)
    factor[[5, 10, 11]] = 0.0
    torch.testing.assert_close(token_dropout(state, tokens, MASK), state * factor[:, None])


def test_token_dropout_in_half_precision_rounds_once() -> None:
    state = torch.randn(40, 8).bfloat16()
    found = token_dropout(state, packed([1] * 40), MASK)
    assert torch.equal(found, (state.double() * 0.88).bfloat16())


def test_a_sequence_of_masks_only_is_zero_and_finite() -> None:
    found = token_dropout(torch.randn(5, 2), packed([MASK, MASK], [1, 2, 3]), MASK)
    assert torch.equal(found[:2], torch.zeros(2, 2))
    assert found[2:].isfinite().all()


def test_without_token_dropout_it_is_the_table() -> None:
    embedding, tokens = TokenEmbedding(12, 4), packed([3, MASK], [7])
    assert torch.equal(embedding(tokens), embedding.token.weight[[3, MASK, 7]])


def test_places_begin_at_the_third_row_in_every_sequence() -> None:
    embedding = TokenEmbedding(12, 4, max_tokens=3)
    assert embedding.place.weight.shape == (5, 4)
    found = embedding(packed([3, 4, 5], [6, 7]))
    expected = embedding.token.weight[[3, 4, 5, 6, 7]] + embedding.place.weight[[2, 3, 4, 2, 3]]
    assert torch.equal(found, expected)


def test_places_are_not_scaled_by_token_dropout_and_the_norm_comes_last() -> None:
    embedding, tokens = TokenEmbedding(12, 4, mask_id=MASK, max_tokens=3, has_norm=True), packed([3, MASK, 5])
    scaled = embedding.token.weight[[3, MASK, 5]] * torch.tensor([[1.32], [0.0], [1.32]])
    expected = embedding.norm(scaled + embedding.place.weight[2:])
    torch.testing.assert_close(embedding(tokens), expected)


def test_a_sequence_longer_than_the_places_is_refused_with_its_length() -> None:
    embedding = TokenEmbedding(12, 4, max_tokens=3)
    with pytest.raises(InputError, match=r"at most 3 tokens.*4") as caught:
        embedding(packed([1], [3, 4, 5, 6]))
    assert "windows" in str(caught.value)


def test_token_dropout_can_be_left_out() -> None:
    embedding, tokens = TokenEmbedding(12, 4, mask_id=MASK, max_tokens=5), packed([3, MASK], [7])
    found = embedding(tokens, has_dropout=False)
    assert torch.equal(found, embedding.token.weight[[3, MASK, 7]] + embedding.place.weight[[2, 3, 2]])


def test_prompts_are_normalised_and_get_neither_place_nor_dropout() -> None:
    rows = torch.randn(2, 4)
    plain = TokenEmbedding(12, 4, mask_id=MASK, max_tokens=5)
    assert torch.equal(plain.of_prompts(rows), rows)
    normed = TokenEmbedding(12, 4, mask_id=MASK, max_tokens=5, has_norm=True)
    assert torch.equal(normed.of_prompts(rows), normed.norm(rows))
