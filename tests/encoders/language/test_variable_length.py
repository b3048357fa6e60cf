"""Attention in one call equals attention sequence by sequence; the kernels themselves need a GPU."""

import pytest
import torch

from protea.encoders.language.attention import WithinSequences
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.language.variable_length import (
    jagged_attention,
    takes_variable_lengths,
    variable_length_attention,
)

LENGTHS = (3, 1, 70, 70, 200)
TOKENS = TokenBatch(torch.zeros(sum(LENGTHS), dtype=torch.int64), LENGTHS)


def drawn(dim: int, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return tuple(torch.randn(sum(LENGTHS), 2, dim, dtype=dtype) for _ in range(3))


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors is in prototype stage")
def test_jagged_equals_sequence_by_sequence(dtype: torch.dtype) -> None:
    values = drawn(8, dtype)
    found = jagged_attention(*values, TOKENS.token_ptr, 200, 0.3)
    torch.testing.assert_close(found, WithinSequences(TOKENS)(0, *values, 0.3))


def test_a_cpu_and_single_precision_take_the_other_way() -> None:
    assert not takes_variable_lengths(torch.zeros(3, 2, 8, dtype=torch.bfloat16))
    assert not takes_variable_lengths(torch.zeros(3, 2, 8))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("dim", [16, 24, 32, 64, 128])
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_the_kernel_equals_float32_and_keeps_the_batch_law(dim: int, half: torch.dtype) -> None:
    exact = [part.cuda() for part in drawn(dim, torch.float32)]
    values, tokens = [part.to(half) for part in exact], TOKENS.to("cuda")
    assert takes_variable_lengths(values[0])
    found = WithinSequences(tokens)(0, *values, 0.3)
    expected = WithinSequences(tokens)(0, *exact, 0.3)
    assert float((found.float() - expected).norm() / expected.norm()) < 1e-2
    jagged = jagged_attention(*values, tokens.token_ptr, 200, 0.3)
    assert float((jagged.float() - expected).norm() / expected.norm()) < 1e-2
    for own in tokens.slices():
        parts = [part[own].contiguous() for part in values]
        length = own.stop - own.start
        ptr = torch.tensor([0, length], device="cuda")
        assert torch.equal(variable_length_attention(*parts, ptr, length, 0.3), found[own])


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors is in prototype stage")
def test_more_keys_may_follow_the_tokens_of_each_sequence(dtype: torch.dtype) -> None:
    query, key, value = drawn(8, dtype)
    more_key, more_value = torch.randn(2, 2, 2, 8, dtype=dtype)
    keys, values = (
        torch.cat([part for own in TOKENS.slices() for part in (tokens[own], more)])
        for tokens, more in ((key, more_key), (value, more_value))
    )
    found = jagged_attention(query, keys, values, TOKENS.token_ptr, 200, 0.3, num_more=2)
    for own in TOKENS.slices():
        scores = torch.einsum("qhd,khd->hqk", query[own], torch.cat([key[own], more_key])) * 0.3
        expected = torch.einsum("hqk,khd->qhd", scores.softmax(2), torch.cat([value[own], more_value]))
        torch.testing.assert_close(found[own], expected)
