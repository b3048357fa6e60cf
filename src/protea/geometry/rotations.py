"""Rotations in three dimensions: exponential and logarithm, quaternions, uniform draws, geodesic distance.

A rotation matrix acts on column vectors, y = R x. A rotation vector points along the axis and is as long as the
angle (radian, at most pi after a logarithm). A quaternion is (w, x, y, z); q and -q are the same rotation. All maps
are accurate and have finite gradients at the identity and at half turns.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.geometry.vectors import unit_vector, vector_length

__all__ = [
    "geodesic_distance",
    "matrix_from_quaternion",
    "matrix_from_vector",
    "quaternion_from_matrix",
    "quaternion_product",
    "random_rotation",
    "skew",
    "vector_from_matrix",
]

# Below this squared angle the quotients sin(x) / x and so on are taken from their series (error < 1e-17).
_SMALL_SQUARED_ANGLE = 1e-3


def skew(vector: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 3 3"]:
    """Return the matrix K with K x = vector x x (cross product)."""
    x, y, z = vector.unbind(-1)
    zero = torch.zeros_like(x)
    rows = [zero, -z, y, z, zero, -x, -y, x, zero]
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


def matrix_from_vector(vector: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 3 3"]:
    """Return the rotation about `vector` by its length (the exponential map, Rodrigues' formula)."""
    squared = vector.square().sum(-1)
    is_small = squared < _SMALL_SQUARED_ANGLE
    angle = squared.masked_fill(is_small, 1.0).sqrt()
    half = (angle / 2).sin()
    # sin(x) / x and (1 - cos(x)) / x^2; the second through the half angle, which does not cancel.
    first = torch.where(is_small, _series(squared, (1.0, -1 / 6, 1 / 120, -1 / 5040)), angle.sin() / angle)
    second = torch.where(
        is_small, _series(squared, (1 / 2, -1 / 24, 1 / 720, -1 / 40320)), 2 * half.square() / angle.square()
    )
    generator = skew(vector)
    identity = torch.eye(3, dtype=vector.dtype, device=vector.device)
    return identity + first[..., None, None] * generator + second[..., None, None] * (generator @ generator)


def vector_from_matrix(rotation: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch 3"]:
    """Return the rotation vector of length at most pi (the logarithm).

    It goes through the quaternion, so that half turns keep all their digits; of the two vectors of an exact half
    turn one is returned.
    """
    quaternion = quaternion_from_matrix(rotation)
    w, axis = quaternion[..., 0], quaternion[..., 1:]
    squared = axis.square().sum(-1)
    is_small = squared < _SMALL_SQUARED_ANGLE
    sine = squared.masked_fill(is_small, 1.0).sqrt()
    # 2 asin(s) / s near the identity, where w is close to 1 and carries no information.
    near = _series(squared, (2.0, 1 / 3, 3 / 20, 5 / 56, 35 / 576, 63 / 1408))
    return axis * torch.where(is_small, near, 2 * torch.atan2(sine, w) / sine)[..., None]


def matrix_from_quaternion(quaternion: Float[Tensor, "*batch 4"]) -> Float[Tensor, "*batch 3 3"]:
    """Return the rotation of a quaternion (w, x, y, z) of any length above 0."""
    w, x, y, z = unit_vector(quaternion).unbind(-1)
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


def quaternion_from_matrix(rotation: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch 4"]:
    """Return the unit quaternion (w, x, y, z) with w >= 0.

    All ten products 4 q_i q_j are linear in the matrix. The row of the largest q_i, normalised, is q: no division by
    a small number, whatever the angle.
    """
    (r00, r01, r02), (r10, r11, r12), (r20, r21, r22) = (row.unbind(-1) for row in rotation.unbind(-2))
    products = [
        1 + r00 + r11 + r22, r21 - r12, r02 - r20, r10 - r01,
        r21 - r12, 1 + r00 - r11 - r22, r10 + r01, r02 + r20,
        r02 - r20, r10 + r01, 1 - r00 + r11 - r22, r21 + r12,
        r10 - r01, r02 + r20, r21 + r12, 1 - r00 - r11 + r22,
    ]  # fmt: skip
    rows = torch.stack(products, dim=-1).unflatten(-1, (4, 4))
    largest = rows.detach().diagonal(dim1=-2, dim2=-1).argmax(-1)
    row = rows.gather(-2, largest[..., None, None].expand(*largest.shape, 1, 4)).squeeze(-2)
    quaternion = unit_vector(row)
    return torch.where(quaternion[..., :1] < 0, -quaternion, quaternion)


def quaternion_product(p: Float[Tensor, "*batch 4"], q: Float[Tensor, "*batch 4"]) -> Float[Tensor, "*batch 4"]:
    """Return the Hamilton product p q: the rotation q followed by p."""
    p_scalar, p_vector = p[..., :1], p[..., 1:]
    q_scalar, q_vector = q[..., :1], q[..., 1:]
    scalar = p_scalar * q_scalar - (p_vector * q_vector).sum(-1, keepdim=True)
    vector = p_scalar * q_vector + q_scalar * p_vector + torch.linalg.cross(p_vector, q_vector)
    return torch.cat([scalar, vector], dim=-1)


def geodesic_distance(a: Float[Tensor, "*batch 3 3"], b: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch"]:
    """Return the angle in [0, pi] of the rotation that takes a to b, radian; the gradient of an angle 0 is 0."""
    quaternion = quaternion_from_matrix(a.transpose(-1, -2) @ b)
    return 2 * torch.atan2(vector_length(quaternion[..., 1:]), quaternion[..., 0])


def random_rotation(
    num: int,
    generator: torch.Generator,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Float[Tensor, "num 3 3"]:
    """Return rotations drawn uniformly (Haar measure); the draw is made in float64 on the generator's device.

    A standard normal vector in four dimensions has a uniform direction, and so has its quaternion.
    """
    quaternion = torch.randn(num, 4, generator=generator, dtype=torch.float64, device=generator.device)
    return matrix_from_quaternion(quaternion).to(device=device, dtype=dtype)


def _series(x: Float[Tensor, "*batch"], coefficients: tuple[float, ...]) -> Float[Tensor, "*batch"]:
    total = torch.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total
