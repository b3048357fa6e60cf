"""Group laws, exponential and logarithm up to half turns, uniformity of draws."""

import math

import pytest
import torch

from protea.geometry.rotations import (
    geodesic_distance,
    matrix_from_quaternion,
    matrix_from_vector,
    quaternion_from_matrix,
    quaternion_product,
    random_rotation,
    skew,
    vector_from_matrix,
)

ANGLES = [0.0, 1e-12, 1e-6, 1e-3, 0.0316, 0.0317, 0.5, 2.0, 3.0, math.pi - 1e-3, math.pi - 1e-5, math.pi - 1e-8]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def epsilon(dtype: torch.dtype) -> float:
    return 20 * torch.finfo(dtype).eps


def test_skew_is_the_cross_product(dtype):
    a, b = torch.randn(2, 10, 3, dtype=dtype)
    torch.testing.assert_close((skew(a) @ b[..., None]).squeeze(-1), torch.linalg.cross(a, b))


def test_exponential_of_an_axis_is_the_known_rotation(dtype):
    turn = matrix_from_vector(torch.tensor([0, 0, math.pi / 2], dtype=dtype))
    expected = torch.tensor([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]], dtype=dtype)
    torch.testing.assert_close(turn, expected, atol=1e-6, rtol=0)


def test_exponential_equals_the_matrix_exponential():
    vector = torch.randn(200, 3, dtype=torch.float64, generator=seeded()) * torch.logspace(-8, 0.3, 200)[:, None]
    torch.testing.assert_close(matrix_from_vector(vector), torch.matrix_exp(skew(vector)), atol=1e-14, rtol=0)


@pytest.mark.parametrize("angle", ANGLES)
def test_logarithm_undoes_exponential(dtype, angle):
    axis = torch.nn.functional.normalize(torch.randn(50, 3, dtype=dtype, generator=seeded(1)), dim=-1)
    vector = axis * angle
    back = vector_from_matrix(matrix_from_vector(vector))
    # At a half turn the axis is known up to its sign.
    error = (back - vector).norm(dim=-1)
    if angle > 3.14:
        error = torch.minimum(error, (back + vector).norm(dim=-1))
    assert error.max() <= epsilon(dtype) * max(angle, 1.0)


def test_logarithm_of_exact_half_turns(dtype):
    for diagonal in ([1.0, -1, -1], [-1, 1, -1], [-1, -1, 1]):
        matrix = torch.diag(torch.tensor(diagonal, dtype=dtype))
        torch.testing.assert_close(matrix_from_vector(vector_from_matrix(matrix)), matrix, atol=1e-6, rtol=0)


def test_quaternions_and_matrices_agree_on_products(dtype):
    a, b = random_rotation(100, seeded(2), dtype), random_rotation(100, seeded(3), dtype)
    p, q = quaternion_from_matrix(a), quaternion_from_matrix(b)
    assert (p[:, 0] >= 0).all()
    torch.testing.assert_close(matrix_from_quaternion(p), a, atol=epsilon(dtype), rtol=0)
    torch.testing.assert_close(matrix_from_quaternion(-3 * p), a, atol=epsilon(dtype), rtol=0)
    product = matrix_from_quaternion(quaternion_product(p, q))
    torch.testing.assert_close(product, a @ b, atol=epsilon(dtype), rtol=0)


@pytest.mark.parametrize("angle", ANGLES)
def test_geodesic_distance_is_the_angle_between(dtype, angle):
    start = random_rotation(20, seeded(4), dtype)
    axis = torch.nn.functional.normalize(torch.randn(20, 3, dtype=dtype, generator=seeded(5)), dim=-1)
    end = start @ matrix_from_vector(axis * angle)
    assert (geodesic_distance(start, end) - angle).abs().max() <= epsilon(dtype)


def test_gradients_match_finite_differences_and_are_finite_at_the_ends():
    vector = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(matrix_from_vector, (vector,))
    assert torch.autograd.gradcheck(lambda v: vector_from_matrix(matrix_from_vector(v)), (vector,))
    zero = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(matrix_from_vector, (zero,))
    assert torch.autograd.gradcheck(lambda v: vector_from_matrix(matrix_from_vector(v)), (zero,))
    half = torch.diag(torch.tensor([1.0, -1, -1], dtype=torch.float64)).requires_grad_()
    for rotation in (torch.eye(3, dtype=torch.float64, requires_grad=True), half):
        loss = vector_from_matrix(rotation).sum() + geodesic_distance(rotation, torch.eye(3, dtype=torch.float64))
        assert torch.autograd.grad(loss, rotation)[0].isfinite().all()


def test_random_rotations_are_proper_and_uniform():
    rotation = random_rotation(20000, seeded(6), torch.float64)
    identity = torch.eye(3, dtype=torch.float64).expand(20000, 3, 3)
    torch.testing.assert_close(rotation @ rotation.transpose(1, 2), identity, atol=1e-13, rtol=0)
    assert (torch.linalg.det(rotation) > 0).all()
    # Haar measure: the mean matrix is 0, and the angle has density (1 - cos) / pi, so its mean is pi / 2 + 2 / pi.
    assert rotation.mean(0).abs().max() < 0.02
    assert geodesic_distance(identity, rotation).mean().item() == pytest.approx(math.pi / 2 + 2 / math.pi, abs=0.02)
    assert torch.equal(random_rotation(3, seeded(7)), random_rotation(3, seeded(7)))
