"""Bases turn with their factors, begin as the dot and cross products, and equal the published ones."""

from math import comb, sqrt
from pathlib import Path

import pytest
import torch
from e3nn import o3

from protea.encoders.mace_couplings import coupling_basis, monomial_factors, monomial_of
from tests.encoders.goldens import golden_weights

USUAL = ((0, 1), (1, -1), (2, 1))


@pytest.mark.parametrize("output", USUAL)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_equals_the_published_basis(shared_goldens: Path, output: tuple[int, int], order: int) -> None:
    name = f"8x{output[0]}{'e' if output[1] == 1 else 'o'}"
    key = f"prods.0.symmetric_contractions.contractions.{name}.U_matrix_{order}"
    published = golden_weights(shared_goldens / "encoders" / "mace")[key].double()
    found = coupling_basis(USUAL, output, order)
    assert found.shape == published.shape
    assert torch.allclose(found, published, atol=3e-7)


def test_two_vectors() -> None:
    dot = coupling_basis(((1, -1),), (0, 1), 2)[..., 0]
    assert torch.allclose(dot.abs(), torch.eye(3).double() / sqrt(3))
    cross = coupling_basis(((1, -1),), (1, 1), 2)[..., 0]
    assert torch.allclose(cross, -cross.transpose(1, 2))
    assert coupling_basis(((1, -1),), (1, -1), 2).shape == (3, 3, 3, 0), "two vectors make no odd vector"


@pytest.mark.parametrize(("output", "order"), [((0, 1), 3), ((1, -1), 3), ((2, 1), 2), ((1, -1), 4)])
def test_a_product_of_turned_factors_is_the_turned_product(output: tuple[int, int], order: int) -> None:
    irreps = ((0, 1), (1, -1))
    rotation = -o3.rand_matrix(dtype=torch.float64)  # a reflection too
    turn = o3.Irreps("0e + 1o").D_from_matrix(rotation)
    basis = coupling_basis(irreps, output, order)
    basis = basis if output[0] else basis[None]
    factor = torch.randn(4, dtype=torch.float64)
    before, after = basis, basis
    for _ in range(order):
        before = torch.einsum("di...p,i->d...p", before, factor)
        after = torch.einsum("di...p,i->d...p", after, turn @ factor)
    name = f"{output[0]}{'e' if output[1] == 1 else 'o'}"
    assert torch.allclose(o3.Irreps(name).D_from_matrix(rotation) @ before, after, atol=1e-12)


@pytest.mark.parametrize("order", [2, 3])
def test_monomials(order: int) -> None:
    dim, values = 4, torch.randn(4, dtype=torch.float64)
    found = values
    for step in range(2, order + 1):
        before, factor = monomial_factors(dim, step)
        found = found[before] * values[factor]
    assert len(found) == comb(dim + order - 1, order)
    every = values
    for _ in range(order - 1):
        every = torch.outer(every, values).flatten()
    assert torch.allclose(found[monomial_of(dim, order)], every)


def test_what_is_kept_holds_numbers_whatever_the_default_device() -> None:
    with torch.device("meta"):
        found = coupling_basis(((0, 1), (3, -1)), (0, 1), 2)
    assert found.device.type == "cpu"
