"""Bond angles and dihedral angles from points, with gradients that stay finite.

Angles are in radian. Both functions go through `atan2` of a cross and a dot product, which is accurate at 0 and pi
where an arc cosine loses half of its digits. Where an angle is not defined (coincident points, a straight bond
angle inside a dihedral) the value is 0 and the gradient is 0; ask `is_degenerate_*` which entries these are.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

__all__ = ["bond_angle", "dihedral", "is_collinear", "is_degenerate_angle", "is_degenerate_dihedral"]


def dihedral(
    a: Float[Tensor, "*batch 3"],
    b: Float[Tensor, "*batch 3"],
    c: Float[Tensor, "*batch 3"],
    d: Float[Tensor, "*batch 3"],
) -> Float[Tensor, "*batch"]:
    """Return the dihedral angle a-b-c-d in [-pi, pi], radian.

    Sign after IUPAC (1974): looking along b -> c, positive when d is reached from a by turning clockwise. So a
    right-handed alpha helix has phi = -57 and psi = -47 degrees.
    """
    first, axis, last = b - a, c - b, d - c
    normal_1 = torch.linalg.cross(first, axis)
    normal_2 = torch.linalg.cross(axis, last)
    is_bad = _is_flat(first, axis, normal_1) | _is_flat(axis, last, normal_2)
    # d/dx sqrt(x) is infinite at 0, so the undefined entries leave the graph before the root and the atan2.
    axis_length = axis.square().sum(-1).masked_fill(is_bad, 1.0).sqrt()
    sine = axis_length * (first * normal_2).sum(-1)
    cosine = (normal_1 * normal_2).sum(-1)
    return torch.atan2(sine.masked_fill(is_bad, 0.0), cosine.masked_fill(is_bad, 1.0))


def bond_angle(
    a: Float[Tensor, "*batch 3"], b: Float[Tensor, "*batch 3"], c: Float[Tensor, "*batch 3"]
) -> Float[Tensor, "*batch"]:
    """Return the angle a-b-c at b in [0, pi], radian.

    At exactly 0 and pi, where the angle has a kink, the gradient is 0.
    """
    arm_1, arm_2 = a - b, c - b
    cross_squared = torch.linalg.cross(arm_1, arm_2).square().sum(-1)
    dot = (arm_1 * arm_2).sum(-1)
    is_straight = cross_squared == 0
    sine = cross_squared.masked_fill(is_straight, 1.0).sqrt().masked_fill(is_straight, 0.0)
    return torch.atan2(sine, dot.masked_fill(is_degenerate_angle(a, b, c), 1.0))


def is_degenerate_angle(
    a: Float[Tensor, "*batch 3"], b: Float[Tensor, "*batch 3"], c: Float[Tensor, "*batch 3"]
) -> Bool[Tensor, "*batch"]:
    """Return True where the angle a-b-c has no value: b coincides with a or with c."""
    return (a == b).all(-1) | (c == b).all(-1)


def is_collinear(
    a: Float[Tensor, "*batch 3"], b: Float[Tensor, "*batch 3"], c: Float[Tensor, "*batch 3"]
) -> Bool[Tensor, "*batch"]:
    """Return True where a, b, c span no plane: the sine of the angle at b is at most the root of the machine epsilon.

    That is 0.02 degrees in float32. Coincident points count as collinear.
    """
    return _is_flat(b - a, c - b, torch.linalg.cross(b - a, c - b))


def is_degenerate_dihedral(
    a: Float[Tensor, "*batch 3"],
    b: Float[Tensor, "*batch 3"],
    c: Float[Tensor, "*batch 3"],
    d: Float[Tensor, "*batch 3"],
) -> Bool[Tensor, "*batch"]:
    """Return True where the dihedral a-b-c-d has no value: a, b, c or b, c, d are collinear."""
    return is_collinear(a, b, c) | is_collinear(b, c, d)


def _is_flat(
    u: Float[Tensor, "*batch 3"], v: Float[Tensor, "*batch 3"], cross: Float[Tensor, "*batch 3"]
) -> Bool[Tensor, "*batch"]:
    scale = u.square().sum(-1) * v.square().sum(-1)
    return cross.square().sum(-1) <= torch.finfo(u.dtype).eps * scale
