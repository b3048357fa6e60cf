"""Product and concatenation of two protein vectors: what they compute, written plainly."""

import pytest
import torch
from pydantic import TypeAdapter
from torch.nn import functional as F

from protea.errors import ContractError
from protea.objectives.pair_heads import (
    AnyPairHeadConfig,
    ConcatenationHeadConfig,
    ProductHead,
    ProductHeadConfig,
)


@torch.no_grad()
def test_the_product_written_plainly(dtype: torch.dtype, tolerance: float) -> None:
    head = ProductHeadConfig(width=5, layers=1).build(4, 2).to(dtype).eval()
    x, y = torch.randn(2, 3, 4, dtype=dtype)
    u, v = (F.relu(head.project(F.layer_norm(item, (4,), head.norm.weight, head.norm.bias))) for item in (x, y))
    expected = head.output(F.relu(head.hidden[0](u * v)))
    found = head(torch.cat([x, y]), torch.tensor([[0, 3], [1, 4], [2, 5]]))
    assert float((found - expected).abs().max()) < tolerance


@torch.no_grad()
def test_the_concatenation_is_one_linear_map_of_both_vectors(dtype: torch.dtype, tolerance: float) -> None:
    head = ConcatenationHeadConfig(width=5, symmetrised=False).build(4, 2).to(dtype).eval()
    x, y = torch.randn(2, 3, 4, dtype=dtype)
    weight = torch.cat([head.first.weight, head.second.weight], dim=1)
    normed = torch.cat([F.layer_norm(x, (4,)), F.layer_norm(y, (4,))], dim=1)
    expected = head.output(F.relu(F.linear(normed, weight, head.first.bias)))
    found = head(torch.cat([x, y]), torch.tensor([[0, 3], [1, 4], [2, 5]]))
    assert float((found - expected).abs().max()) < tolerance


@torch.no_grad()
def test_a_symmetrised_head_is_the_mean_of_both_orders() -> None:
    ordered = ConcatenationHeadConfig(width=5, symmetrised=False).build(4, 2).double().eval()
    symmetric = ConcatenationHeadConfig(width=5).build(4, 2).double().eval()
    symmetric.load_state_dict(ordered.state_dict())
    protein, pair = torch.randn(4, 4, dtype=torch.float64), torch.tensor([[0, 1], [2, 3]])
    expected = (ordered(protein, pair) + ordered(protein, pair.flip(1))) / 2
    assert torch.allclose(symmetric(protein, pair), expected, atol=1e-12)


def test_a_wide_embedding_gets_no_larger_head() -> None:
    after = []
    for dim in (8, 1280):
        head = ProductHeadConfig(width=16, layers=2).build(dim, 7)
        after.append(sum(p.numel() for layer in (*head.hidden, head.output) for p in layer.parameters()))
    assert after == [2 * (16 * 16 + 16) + 16 * 7 + 7] * 2


def test_a_head_over_vectors_refuses_to_do_without_them() -> None:
    head = ProductHeadConfig().build(4, 1)
    with pytest.raises(ContractError, match="one vector per protein"):
        head.state(torch.zeros(3, 4), torch.tensor([0, 3]), None)


def test_the_kind_names_the_head() -> None:
    config = TypeAdapter(AnyPairHeadConfig).validate_python({"kind": "product", "width": 3})
    assert isinstance(config.build(4, 1), ProductHead)
