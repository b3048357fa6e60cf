"""Segment operations against a plain loop, their gradients, and broken offsets."""

import pytest
import torch

from protea.errors import ContractError
from protea.geometry.segments import (
    lengths_of,
    ptr_from_lengths,
    segment_max,
    segment_mean,
    segment_of,
    segment_softmax,
    segment_sum,
)

LENGTHS = torch.tensor([3, 0, 1, 5, 0])
PTR = torch.tensor([0, 3, 3, 4, 9, 9])


def test_offsets_lengths_and_owner_agree():
    assert torch.equal(ptr_from_lengths(LENGTHS), PTR)
    assert torch.equal(lengths_of(PTR), LENGTHS)
    assert segment_of(PTR).tolist() == [0, 0, 0, 2, 3, 3, 3, 3, 3]
    assert segment_of(torch.tensor([0])).tolist() == []


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("channels", [(), (2,), (2, 3)])
def test_reductions_equal_a_loop_over_segments(dtype, channels):
    value = torch.randn(9, *channels, dtype=dtype, generator=torch.Generator().manual_seed(0))
    total, mean, largest = segment_sum(value, PTR), segment_mean(value, PTR), segment_max(value, PTR, empty_value=-7.0)
    weight = segment_softmax(value, PTR)
    for s in range(5):
        part = value[PTR[s] : PTR[s + 1]]
        torch.testing.assert_close(total[s], part.sum(0))
        torch.testing.assert_close(mean[s], part.mean(0) if len(part) else torch.zeros(channels, dtype=dtype))
        torch.testing.assert_close(largest[s], part.amax(0) if len(part) else torch.full(channels, -7.0, dtype=dtype))
        torch.testing.assert_close(weight[PTR[s] : PTR[s + 1]], part.softmax(0))


@pytest.mark.parametrize("operation", [segment_sum, segment_mean, segment_max, segment_softmax])
def test_first_and_second_derivatives(operation):
    value = torch.randn(9, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: operation(x, PTR), (value,))
    if operation is not segment_max:
        assert torch.autograd.gradgradcheck(lambda x: operation(x, PTR), (value,))


def test_softmax_of_huge_and_of_equal_values_is_exact():
    value = torch.tensor([1e30, 1e30, -1e30, 5.0])
    assert segment_softmax(value, torch.tensor([0, 3, 4])).tolist() == [0.5, 0.5, 0.0, 1.0]


def test_bfloat16_sum_does_not_saturate():
    # A bfloat16 accumulator of ones stops at 256.
    assert segment_sum(torch.ones(4096, dtype=torch.bfloat16), torch.tensor([0, 4096])).item() == 4096


def test_integers_are_summed_as_integers():
    assert segment_sum(torch.tensor([1, 2, 3]), torch.tensor([0, 2, 3])).tolist() == [3, 3]


@pytest.mark.parametrize(
    "ptr",
    [[1, 9], [0, 5, 4, 9], [0, 8], [0, 10]],
    ids=["does not start at 0", "falls", "too few items", "too many items"],
)
def test_broken_offsets_are_refused(ptr):
    with pytest.raises(ContractError, match="offsets"):
        segment_sum(torch.ones(9), torch.tensor(ptr))
