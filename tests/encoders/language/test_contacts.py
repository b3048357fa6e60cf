"""Contacts: the correction by hand, crops, and the regression over layers and heads."""

import torch

from protea.encoders.language.contacts import ContactHead, average_product_corrected


def test_the_correction_of_a_map_of_rank_one_is_zero(dtype: torch.dtype) -> None:
    column = torch.rand(3, 6, dtype=dtype) + 0.1
    corrected = average_product_corrected(column[:, :, None] * column[:, None])
    torch.testing.assert_close(corrected, torch.zeros_like(corrected), rtol=0, atol=1e-6)


def test_corrected_rows_sum_to_zero_and_symmetry_stays(dtype: torch.dtype) -> None:
    half = torch.rand(2, 5, 5, dtype=dtype)
    corrected = average_product_corrected(half + half.transpose(1, 2))
    torch.testing.assert_close(corrected.sum(2), torch.zeros(2, 5, dtype=dtype), rtol=0, atol=1e-6)
    torch.testing.assert_close(corrected, corrected.transpose(1, 2))


def test_two_by_two_by_hand() -> None:
    # Row sums 3 and 5, total 8: what is left of 1, 2, 3 is 1 - 9/8, 2 - 15/8, 3 - 25/8.
    found = average_product_corrected(torch.tensor([[[1.0, 2.0], [2.0, 3.0]]]))
    torch.testing.assert_close(found, torch.tensor([[[-0.125, 0.125], [0.125, -0.125]]]))


def test_special_tokens_are_cut_before_the_correction() -> None:
    head, shares = ContactHead(1, 2), torch.rand(2, 6, 6)
    inner = shares[:, 1:5, 1:5]
    expected = average_product_corrected(inner + inner.transpose(1, 2))
    torch.testing.assert_close(head.features(shares, slice(1, 5)), expected)
    edge = shares.clone()
    edge[:, 0], edge[:, :, 5] = 7.0, 9.0
    assert torch.equal(head.features(edge, slice(1, 5)), head.features(shares, slice(1, 5)))


def test_logits_are_one_regression_over_layers_outermost_then_heads() -> None:
    head = ContactHead(2, 3)
    head.weight.data, head.bias.data = torch.arange(6.0), torch.tensor(0.5)
    shares = {
        (layer, sequence): torch.rand(3, 4 + sequence, 4 + sequence) for layer in range(2) for sequence in range(2)
    }
    found: dict[int, torch.Tensor] = {}
    tell = head.sink([slice(1, 3), slice(1, 4)], found)
    for (layer, sequence), own in shares.items():
        tell(layer, sequence, own)
    for sequence, residues in enumerate((slice(1, 3), slice(1, 4))):
        maps = torch.cat([head.features(shares[layer, sequence], residues) for layer in range(2)])
        torch.testing.assert_close(found[sequence], (maps * torch.arange(6.0)[:, None, None]).sum(0) + 0.5)


def test_a_map_of_zeros_stays_one() -> None:
    """Attention that goes to special tokens alone leaves no share between residues."""
    assert average_product_corrected(torch.zeros(2, 3, 3)).tolist() == torch.zeros(2, 3, 3).tolist()
