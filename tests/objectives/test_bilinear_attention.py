"""The factorised pooling is the sum over the cells of the map; padding and order of packing play no part."""

import pytest
import torch

from protea.errors import ContractError
from protea.objectives.bilinear_attention import BilinearAttentionConfig


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("pooling", ["mean", "sum"])
@torch.no_grad()
def test_pooling_is_the_sum_over_the_cells_of_the_map(
    shared: bool, pooling: str, dtype: torch.dtype, tolerance: float
) -> None:
    config = BilinearAttentionConfig(width=5, glimpses=3, shared=shared, pooling=pooling)  # type: ignore[arg-type]
    head = config.build(6, 2).to(dtype).eval()
    head.glimpse_bias.copy_(torch.tensor([0.5, -1.0, 2.0]))
    x, y = torch.randn(7, 6, dtype=dtype), torch.randn(4, 6, dtype=dtype)
    attention = head.residue_map(x, y)
    assert attention.shape == (3, 7, 4)
    u, v = head.first(head.norm(x)), head.second(head.norm(y))
    expected = torch.einsum("gij,ik,jk->k", attention, u, v) / (28 if pooling == "mean" else 1)
    state = head.state(torch.cat([x, y]), torch.tensor([0, 7, 11]), None)
    found = head.pooled(state[0], state[1])
    assert float((found - expected).abs().max()) < tolerance * float(expected.abs().max())


@torch.no_grad()
def test_the_map_turns_over_with_the_pair_where_the_map_is_shared() -> None:
    head = BilinearAttentionConfig(width=5).build(6, 2).double()
    x, y = torch.randn(7, 6, dtype=torch.float64), torch.randn(4, 6, dtype=torch.float64)
    assert torch.allclose(head.residue_map(x, y), head.residue_map(y, x).transpose(1, 2), atol=1e-12)
    apart = BilinearAttentionConfig(width=5, shared=False).build(6, 2).double()
    assert not torch.allclose(apart.residue_map(x, y), apart.residue_map(y, x).transpose(1, 2), atol=1e-3)


@torch.no_grad()
def test_one_residue_of_each_worked_by_hand() -> None:
    head = BilinearAttentionConfig(width=1, glimpses=1).build(2, 1).double()
    head.norm = torch.nn.Identity()  # type: ignore[assignment]
    head.first.weight.copy_(torch.tensor([[1.0, 2.0]]))
    head.first.bias.zero_()
    head.glimpse.fill_(3.0)
    x, y = torch.tensor([[1.0, 1.0]]).double(), torch.tensor([[2.0, 0.0]]).double()  # u = 3, v = 2
    assert float(head.residue_map(x, y)) == pytest.approx(3 * 3 * 2)
    state = head.state(torch.cat([x, y]), torch.tensor([0, 1, 2]), None)
    assert float(head.pooled(state[0], state[1])) == pytest.approx(18 * 3 * 2)


def test_protein_vectors_alone_are_refused() -> None:
    head = BilinearAttentionConfig().build(6, 1)
    with pytest.raises(ContractError, match="reads residues"):
        head(torch.zeros(2, 6), torch.tensor([[0, 1]]))
