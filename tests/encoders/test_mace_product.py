"""Products equal the original chain of contractions, in value and gradient, and turn with their input."""

import pytest
import torch
from e3nn import o3

from protea.encoders.irreps import parse_irreps, to_channel_first
from protea.encoders.mace_product import ProductBlock
from speed.encoders.e3nn_peers import chained_products
from tests.encoders.proteins import shake

HIDDEN = "3x0e + 3x1o + 3x2e"
BLOCKS = parse_irreps(HIDDEN)
COLUMNS = to_channel_first(BLOCKS)


def block(outputs: str = HIDDEN, correlation: int = 3, inputs: str = HIDDEN) -> ProductBlock:
    torch.manual_seed(0)
    found = ProductBlock(parse_irreps(inputs), parse_irreps(outputs), correlation, True).double()
    shake(found)
    return found.eval()


@pytest.mark.parametrize("outputs", [HIDDEN, "3x0e"])
@pytest.mark.parametrize("correlation", [2, 3])
def test_values_and_gradients_equal_the_chain(outputs: str, correlation: int) -> None:
    products = block(outputs, correlation)
    value = torch.randn(7, 27, dtype=torch.float64).requires_grad_()
    ours = products(value)
    theirs = chained_products(products, value[:, COLUMNS], [1, 3, 5])
    assert torch.allclose(ours, theirs)
    tensors = [value, *products.parameters()]
    for found, expected in zip(
        torch.autograd.grad(ours.sin().sum(), tensors), torch.autograd.grad(theirs.sin().sum(), tensors), strict=True
    ):
        assert torch.allclose(found, expected)


def test_the_chain_of_four_factors() -> None:
    products = block("2x0e + 2x1o", 4, "2x0e + 2x1o")
    value = torch.randn(5, 8, dtype=torch.float64)
    columns = to_channel_first(parse_irreps("2x0e + 2x1o"))
    assert torch.allclose(products(value), chained_products(products, value[:, columns], [1, 3]))


def test_a_turned_input_gives_the_turned_output() -> None:
    products = block()
    turn = o3.Irreps(HIDDEN).D_from_matrix(-o3.rand_matrix(dtype=torch.float64))
    value = torch.randn(6, 27, dtype=torch.float64)
    back = torch.argsort(COLUMNS)
    turned = (value[:, COLUMNS] @ turn.T)[:, back]
    with torch.no_grad():
        before, after = products(value)[:, COLUMNS], products(turned)[:, COLUMNS]
    # e3nn gives rotations of higher degree to 1e-7.
    assert torch.allclose(before @ turn.T, after, atol=1e-6 * float(after.abs().max()))


def test_bases_keep_their_precision() -> None:
    products = block()
    before = products.symmetric_contractions.contractions["3x1o"].get_buffer("U_matrix_3").clone()
    for dtype in (torch.float32, torch.bfloat16):
        products = products.to(dtype)
        basis = products.symmetric_contractions.contractions["3x1o"].get_buffer("U_matrix_3")
        assert torch.equal(basis, before)
        assert products(torch.zeros(2, 27, dtype=dtype)).dtype == dtype


def test_without_residues() -> None:
    assert block()(torch.zeros(0, 27, dtype=torch.float64)).shape == (0, 27)
