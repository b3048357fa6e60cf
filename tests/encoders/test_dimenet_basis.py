"""The bases: known zeros and closed forms, SciPy's Bessel functions, torch_geometric's layers, smooth ends."""

import math
from itertools import pairwise

import pytest
import torch
from scipy.special import spherical_jn

from protea.encoders.dimenet_basis import (
    BesselBasis,
    angular_basis,
    bessel_zeros,
    envelope,
    radial_basis,
    spherical_bessel,
)


def test_zeros_of_order_zero_are_multiples_of_pi_and_all_are_zeros() -> None:
    table = bessel_zeros(8, 5)
    assert [zero for zero, _ in table[0]] == pytest.approx([n * math.pi for n in range(1, 6)], rel=1e-7)
    assert table[1][0][0] == pytest.approx(4.493409457909064, rel=1e-7)
    for order, row in enumerate(table):
        assert all(abs(spherical_jn(order, zero)) < 1e-6 for zero, _ in row)
        assert all(after[0] > before[0] + 3.0 for before, after in pairwise(row))


@pytest.mark.parametrize("order", range(10))
def test_bessel_functions_equal_scipy_from_near_zero_on(order: int) -> None:
    value = torch.cat([torch.logspace(-3, 0, 30, dtype=torch.float64), torch.linspace(1, 40, 300, dtype=torch.float64)])
    expected = torch.from_numpy(spherical_jn(order, value.numpy()))
    torch.testing.assert_close(spherical_bessel(order, value), expected, rtol=1e-10, atol=1e-14)


def test_weights_make_the_radial_functions_orthonormal() -> None:
    """The integral of x^2 (w j_l(z_n x))(w j_l(z_m x)) over 0..1 is 1 where n = m and 0 elsewhere."""
    x = torch.linspace(0, 1, 20001, dtype=torch.float64)[1:]
    for order, row in enumerate(bessel_zeros(4, 3)):
        functions = torch.stack([weight * spherical_bessel(order, zero * x) for zero, weight in row])
        product = (functions[:, None] * functions[None] * x.square()).sum(-1) / 20000
        torch.testing.assert_close(product, torch.eye(3, dtype=torch.float64), rtol=0, atol=1e-4)


def test_angular_functions_are_orthonormal_on_the_sphere() -> None:
    node = (torch.arange(20000, dtype=torch.float64) + 0.5) / 10000 - 1
    values = angular_basis(node, 7)
    product = 2 * math.pi * values.t() @ values / 10000
    torch.testing.assert_close(product, torch.eye(7, dtype=torch.float64), rtol=0, atol=1e-5)
    assert angular_basis(node, 1).shape == (20000, 1)


def test_the_envelope_and_its_slope_end_in_zero() -> None:
    x = torch.tensor([1.0 - 1e-6, 1.0, 1.5], dtype=torch.float64, requires_grad=True)
    value = envelope(x, 5)
    value.sum().backward()
    assert x.grad is not None
    assert float(value.detach().abs().max()) < 1e-10
    assert float(x.grad.abs().max()) < 1e-4


# torch_geometric compiles a helper with torch.jit.script when it is first used.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("exponent", [3, 5])
def test_the_radial_basis_equals_torch_geometric(exponent: int, dtype: torch.dtype) -> None:
    from torch_geometric.nn.models.dimenet import BesselBasisLayer

    distance = torch.linspace(2.5, 11.0, 60, dtype=dtype)
    ours, theirs = BesselBasis(6, 10.0, exponent).to(dtype), BesselBasisLayer(6, 10.0, exponent).to(dtype)
    torch.testing.assert_close(ours(distance), theirs(distance), rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_the_basis_of_distance_and_angle_equals_torch_geometric() -> None:
    from torch_geometric.nn.models.dimenet import SphericalBasisLayer

    distance = torch.linspace(2.5, 11.0, 60, dtype=torch.float64)
    angle = torch.linspace(0.0, math.pi, 60, dtype=torch.float64)
    expected = SphericalBasisLayer(3, 2, 10.0, 4)(distance, angle, torch.arange(60))
    found = (radial_basis(distance, 10.0, 4, 3, 2) * angular_basis(angle.cos(), 3)[:, :, None]).flatten(1)
    # Depending on the version of NumPy it rounds the weights to float32.
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6 * float(expected.abs().max()))


def test_finite_at_distance_zero() -> None:
    distance = torch.zeros(2, requires_grad=True)
    (radial_basis(distance, 10.0, 5, 7, 6).sum() + BesselBasis(6, 10.0, 5)(distance).sum()).backward()
    assert distance.grad is not None
    assert bool(distance.grad.isfinite().all())
