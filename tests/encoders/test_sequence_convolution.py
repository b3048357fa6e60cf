"""Convolutions along packed chains equal torch's on each chain alone; chains and proteins do not see each other."""

from itertools import pairwise

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from protea.encoders.sequence_convolution import (
    ChainConvolution,
    SequenceConvolutionConfig,
    places_in_chains,
)
from tests.encoders.proteins import NUM_FEATURES, pack, walk

LENGTHS = (1, 2, 40, 7, 300)


def starts() -> torch.Tensor:
    return torch.tensor([0, *LENGTHS]).cumsum(0)


@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (3, 1), (5, 4), (5, 128), (7, 16)])
def test_packed_equals_padded(kernel: int, dilation: int) -> None:
    torch.manual_seed(0)
    ours = ChainConvolution(6, kernel, dilation).double()
    peer = nn.Conv1d(6, 6, kernel, padding="same", dilation=dilation).double()
    with torch.no_grad():
        peer.weight.copy_(ours.weight.permute(1, 2, 0))
        peer.bias.copy_(ours.bias)
    ptr = starts()
    state = torch.randn(int(ptr[-1]), 6, dtype=torch.float64)
    found = ours(state, *places_in_chains(ptr, torch.zeros(len(state), dtype=torch.int64)))
    for first, last in pairwise(ptr.tolist()):
        expected = peer(state[first:last].T[None])[0].T
        torch.testing.assert_close(found[first:last], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (3, 1), (5, 4), (5, 128), (7, 16)])
def test_without_gradients_the_sums_are_the_same_and_chains_hear_only_themselves(kernel: int, dilation: int) -> None:
    torch.manual_seed(0)
    ours = ChainConvolution(6, kernel, dilation)
    ptr = starts()
    state = torch.randn(int(ptr[-1]), 6)
    state[ptr[3] : ptr[4]] = torch.nan
    chain_of = torch.zeros(len(state), dtype=torch.int64)
    chain_of[20:30] = 1
    places, given = places_in_chains(ptr, chain_of), state.clone()
    expected = ours(state, *places)
    with torch.no_grad():
        found = ours(state, *places)
    torch.testing.assert_close(found, expected.detach(), rtol=0, atol=0, equal_nan=True)
    assert found.isnan().any(dim=1).nonzero()[:, 0].tolist() == list(range(int(ptr[3]), int(ptr[4])))
    torch.testing.assert_close(state, given, rtol=0, atol=0, equal_nan=True)


def test_gradients_equal_the_padded_ones() -> None:
    torch.manual_seed(1)
    ours = ChainConvolution(3, 5, 2).double()
    ptr = torch.tensor([0, 4, 9])
    places = places_in_chains(ptr, torch.zeros(9, dtype=torch.int64))
    state = torch.randn(9, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: ours(x, *places), (state,))


def test_places_count_inside_chains_of_proteins() -> None:
    ptr, chain = torch.tensor([0, 3, 3, 8]), torch.tensor([0, 0, 1, 1, 1, 1, 0, 0])
    before, after = places_in_chains(ptr, chain)
    assert before.tolist() == [0, 1, 0, 0, 1, 2, 0, 1]
    assert after.tolist() == [1, 0, 0, 2, 1, 0, 1, 0]


def test_nothing_is_packed() -> None:
    before, after = places_in_chains(torch.tensor([0]), torch.zeros(0, dtype=torch.int64))
    assert len(before) == len(after) == 0


def test_the_reach_is_that_of_the_dilations() -> None:
    config = SequenceConvolutionConfig(width=8, hidden_dim=4, num_blocks=3, kernel=3, max_dilation=4)
    assert config.dilations == (1, 2, 4)
    torch.manual_seed(2)
    encoder = config.build(NUM_FEATURES).double().eval()
    chain = pack([walk(40, seed=3)], torch.float64)
    changed = chain.replace(scalar=chain.scalar.clone())
    changed.scalar[20] += 1
    moves = (encoder(changed).residue - encoder(chain).residue).abs().amax(1) > 0
    assert moves.nonzero()[:, 0].tolist() == list(range(20 - 7, 20 + 8))


def test_an_even_kernel_is_refused() -> None:
    with pytest.raises(ValidationError, match="no middle"):
        SequenceConvolutionConfig(kernel=4)
