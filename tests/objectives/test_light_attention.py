"""Light attention against its definition protein by protein; no protein reads another."""

import torch

from protea.objectives.light_attention import LightAttention

PTR = torch.tensor([0, 3, 3, 10])


@torch.no_grad()
def test_it_is_a_weighted_sum_and_a_maximum_of_each_channel(dtype: torch.dtype, tolerance: float) -> None:
    pooling, residue = LightAttention(4, 3).to(dtype), torch.randn(10, 4, dtype=dtype)
    found = pooling(residue, PTR)
    assert found.shape == (3, 6)
    assert found[1].abs().max() == 0
    for row, (start, stop) in ((0, (0, 3)), (2, (3, 10))):
        value, score = pooling.value(residue[start:stop]), pooling.score(residue[start:stop])
        weight = score.exp() / score.exp().sum(0)
        expected = torch.cat([(weight * value).sum(0), value.max(0).values])
        torch.testing.assert_close(found[row], expected, atol=tolerance, rtol=tolerance)


@torch.no_grad()
def test_neighbours_in_the_pack_change_nothing() -> None:
    pooling, residue = LightAttention(4, 3).double(), torch.randn(10, 4, dtype=torch.float64)
    alone = pooling(residue[3:], torch.tensor([0, 7]))
    torch.testing.assert_close(pooling(residue, PTR)[2:], alone, atol=1e-12, rtol=1e-12)


def test_a_residue_that_is_scored_high_is_the_one_that_is_read() -> None:
    pooling = LightAttention(1, 1)
    with torch.no_grad():
        pooling.value.weight.fill_(-1.0)
        pooling.value.bias.zero_()
        pooling.score.weight.fill_(100.0)
    read, largest = pooling(torch.tensor([[1.0], [3.0], [2.0]]), torch.tensor([0, 3]))[0].tolist()
    assert (round(read, 6), largest) == (-3.0, -1.0)
