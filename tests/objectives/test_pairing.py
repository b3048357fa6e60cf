"""A head over two proteins gives the same logits pair by pair and in tiles of states."""

import pytest
import torch

from protea.objectives.bilinear_attention import BilinearAttentionConfig
from protea.objectives.pair_heads import ConcatenationHeadConfig, ProductHeadConfig
from protea.objectives.pairing import PairHeadConfig

HEADS: dict[str, PairHeadConfig] = {
    "product": ProductHeadConfig(width=8),
    "concatenation": ConcatenationHeadConfig(width=8, layers=2),
    "ordered": ConcatenationHeadConfig(width=8, symmetrised=False),
    "bilinear": BilinearAttentionConfig(width=4, hidden=8),
    "bilinear_apart": BilinearAttentionConfig(width=4, hidden=8, shared=False, pooling="sum"),
}


@pytest.mark.parametrize("name", HEADS)
@torch.no_grad()
def test_a_tile_of_states_is_its_pairs(name: str, dtype: torch.dtype, tolerance: float) -> None:
    head = HEADS[name].build(6, 3).to(dtype).eval()
    residue, ptr = torch.randn(12, 6, dtype=dtype), torch.tensor([0, 3, 4, 12])
    protein = torch.randn(3, 6, dtype=dtype)
    state = head.state(residue, ptr, protein)
    tile = head.logits(state[:, None], state)
    pair = torch.cartesian_prod(torch.arange(3), torch.arange(3))
    one_by_one = head(protein, pair, residue, ptr).view(3, 3, 3)
    assert float((tile - one_by_one).abs().max()) < tolerance * float(one_by_one.abs().max())


@pytest.mark.parametrize("name", HEADS)
@torch.no_grad()
def test_a_head_is_symmetric_where_it_says_so_and_nowhere_else(name: str, dtype: torch.dtype, tolerance: float) -> None:
    head = HEADS[name].build(6, 3).to(dtype).eval()
    residue, ptr = torch.randn(12, 6, dtype=dtype), torch.tensor([0, 3, 4, 12])
    protein, pair = torch.randn(3, 6, dtype=dtype), torch.tensor([[0, 1], [1, 2], [0, 2]])
    found, swapped = head(protein, pair, residue, ptr), head(protein, pair.flip(1), residue, ptr)
    difference = float((found - swapped).abs().max() / found.abs().max())
    assert head.is_symmetric == (name not in {"ordered", "bilinear_apart"})
    assert difference < tolerance if head.is_symmetric else difference > 1e-3


@pytest.mark.parametrize("name", HEADS)
def test_gradients_are_finite_and_reach_every_parameter(name: str) -> None:
    head = HEADS[name].build(6, 3).double()
    residue, ptr = torch.randn(12, 6, dtype=torch.float64), torch.tensor([0, 3, 3, 12])  # one protein is empty
    protein, pair = torch.randn(3, 6, dtype=torch.float64), torch.tensor([[0, 1], [1, 2], [0, 2]])
    head(protein, pair, residue, ptr).square().sum().backward()
    for part, parameter in head.named_parameters():
        assert parameter.grad is not None, part
        assert torch.isfinite(parameter.grad).all(), part
        assert parameter.grad.abs().sum() > 0, part
