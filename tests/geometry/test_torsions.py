"""Angles: analytic values, signs, identities, gradients at undefined points."""

import math

import pytest
import torch

from protea.geometry.torsions import bond_angle, dihedral, is_degenerate_angle, is_degenerate_dihedral

DTYPES = [torch.float32, torch.float64]


def points_with_dihedral(angle: torch.Tensor) -> tuple[torch.Tensor, ...]:
    zero, one = torch.zeros_like(angle), torch.ones_like(angle)
    a = torch.stack([one, zero, zero], -1)
    b = torch.stack([zero, zero, zero], -1)
    c = torch.stack([zero, zero, one], -1)
    # Seen along b -> c (from below, up z) turning counter-clockwise in x-y is clockwise for the viewer.
    d = torch.stack([angle.cos(), angle.sin(), one], -1)
    return a, b, c, d


@pytest.mark.parametrize("dtype", DTYPES)
def test_dihedral_returns_the_angle_the_points_were_built_with(dtype):
    angle = torch.linspace(-math.pi + 1e-3, math.pi - 1e-3, 101, dtype=dtype)
    torch.testing.assert_close(dihedral(*points_with_dihedral(angle)), angle, atol=1e-6, rtol=0)


def test_dihedral_is_accurate_at_small_angles_in_float32():
    # An arc cosine would return 0 here.
    angle = torch.tensor([1e-5, -1e-6], dtype=torch.float32)
    torch.testing.assert_close(dihedral(*points_with_dihedral(angle)), angle, atol=0, rtol=1e-4)


@pytest.mark.parametrize("dtype", DTYPES)
def test_angles_under_rotation_reflection_and_reversal(dtype):
    points = torch.randn(4, 50, 3, dtype=dtype, generator=torch.Generator().manual_seed(1))
    matrix = torch.linalg.qr(torch.randn(3, 3, dtype=dtype, generator=torch.Generator().manual_seed(2)))[0]
    matrix = matrix * torch.linalg.det(matrix)
    tolerance = {"atol": 1e-4 if dtype == torch.float32 else 1e-10, "rtol": 0}
    angle = dihedral(*points)
    torch.testing.assert_close(dihedral(*(points @ matrix.T + 3.0)), angle, **tolerance)
    torch.testing.assert_close(dihedral(*(-points)), -angle, **tolerance)
    torch.testing.assert_close(dihedral(*points.flip(0)), angle, **tolerance)
    torch.testing.assert_close(bond_angle(*(-points[:3])), bond_angle(*points[:3]), **tolerance)


@pytest.mark.parametrize("dtype", DTYPES)
def test_bond_angle_returns_the_angle_the_points_were_built_with(dtype):
    angle = torch.linspace(0, math.pi, 101, dtype=dtype)
    a = torch.tensor([2.0, 0, 0], dtype=dtype).expand(101, 3)
    c = torch.stack([angle.cos(), angle.sin(), torch.zeros_like(angle)], -1) * 3
    torch.testing.assert_close(bond_angle(a, torch.zeros_like(a), c), angle, atol=5e-7, rtol=0)


def test_gradients_match_finite_differences():
    points = torch.randn(4, 6, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: dihedral(*x), (points,))
    assert torch.autograd.gradcheck(lambda x: bond_angle(*x[:3]), (points,))


@pytest.mark.parametrize("dtype", DTYPES)
def test_undefined_angles_are_flagged_zero_and_have_zero_gradient(dtype):
    good = torch.randn(4, 3, dtype=dtype, generator=torch.Generator().manual_seed(3))
    straight = good.clone()
    straight[2] = 2 * straight[1] - straight[0]
    same_ab, same_bc, same_cd = good.clone(), good.clone(), good.clone()
    same_ab[1], same_bc[2], same_cd[3] = same_ab[0], same_bc[1], same_cd[2]
    points = torch.stack([good, straight, same_ab, same_bc, same_cd, torch.zeros(4, 3, dtype=dtype)], 1)
    points.requires_grad_()
    is_bad = is_degenerate_dihedral(*points)
    assert is_bad.tolist() == [False, True, True, True, True, True]
    angle = dihedral(*points)
    assert (angle[is_bad] == 0).all()
    assert angle[0] != 0
    (gradient,) = torch.autograd.grad(angle.sum(), points)
    assert gradient.isfinite().all()
    assert (gradient[:, is_bad] == 0).all()
    assert (gradient[:, 0] != 0).any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_bond_angle_at_zero_pi_and_coincident_points(dtype):
    a = torch.tensor([[1.0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]], dtype=dtype, requires_grad=True)
    b = torch.zeros(4, 3, dtype=dtype, requires_grad=True)
    c = torch.tensor([[2.0, 0, 0], [-2, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=dtype, requires_grad=True)
    angle = bond_angle(a, b, c)
    torch.testing.assert_close(angle, torch.tensor([0, math.pi, 0, 0], dtype=dtype))
    assert is_degenerate_angle(a, b, c).tolist() == [False, False, True, True]
    for gradient in torch.autograd.grad(angle.sum(), (a, b, c)):
        assert (gradient == 0).all()
