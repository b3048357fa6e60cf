"""Blocks of pairs hold every row once, whatever their size."""

import pytest
import torch

from protea.geometry.pair_blocks import pair_blocks


@pytest.mark.parametrize("max_pairs", [1, 50, 700, 10**6])
def test_blocks_hold_every_pair_of_every_protein_once(max_pairs):
    ptr = torch.tensor([0, 5, 5, 11, 41, 42, 60])
    position = torch.randn(60, 3, dtype=torch.float64)
    is_valid = torch.ones(60, dtype=torch.bool)
    is_valid[[2, 45]] = False
    found = torch.full((60, 60), torch.nan, dtype=torch.float64)
    for block in pair_blocks(position, ptr, is_valid, max_pairs):
        proteins, rows, columns = block.squared.shape
        assert proteins * rows * columns <= max_pairs or rows * proteins == 1
        for p, r in block.is_row.nonzero().tolist():
            is_pair = block.squared[p, r].isfinite()
            row, column = int(block.row[p, r]), int(block.start[p]) + is_pair.nonzero().flatten()
            assert found[row].isnan().all()
            found[row] = torch.inf
            found[row, column] = block.squared[p, r, is_pair]
    owner = torch.repeat_interleave(torch.arange(6), ptr.diff())
    is_pair = (owner[:, None] == owner) & is_valid[:, None] & is_valid & ~torch.eye(60, dtype=torch.bool)
    expected = (position[:, None] - position).square().sum(-1).masked_fill(~is_pair, torch.inf)
    torch.testing.assert_close(found, expected)


def test_a_protein_without_valid_residue_costs_nothing():
    ptr = torch.tensor([0, 30, 40, 75])
    is_valid = torch.zeros(75, dtype=torch.bool)
    assert list(pair_blocks(torch.randn(75, 3), ptr, is_valid)) == []
    is_valid[33] = True
    (block,) = pair_blocks(torch.randn(75, 3), ptr, is_valid)
    assert (block.start.tolist(), block.squared.shape) == ([30], (1, 10, 10))
