"""The bases of DimeNet (Gasteiger et al. 2020): Bessel functions of distance, and of distance and angle together.

With x = d / cutoff and the envelope u(x) = 1/x + a x^(p-1) + b x^p + c x^(p+1), 0 from x = 1 on (eq. 8):

    rbf_n = u(x) sin(f_n x),  f_n learned, at first n pi                            (eq. 7)
    sbf_ln = u(x) w_ln j_l(z_ln x) Y_l0(angle)                                      (eq. 6, without its constant)

z_ln is the n-th zero of the spherical Bessel function j_l, rounded to float32 as in published models, and
w_ln = sqrt(2) / |j_(l+1)(z_ln)|.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Float
from scipy.optimize import brentq
from scipy.special import spherical_jn
from torch import Tensor, nn

__all__ = ["BesselBasis", "angular_basis", "bessel_zeros", "envelope", "radial_basis", "spherical_bessel"]

_LEAST_DISTANCE = 0.01
"""In units of the cutoff; what is nearer counts as that far, since the basis has a pole at 0."""


def envelope(x: Float[Tensor, "*any"], exponent: int) -> Float[Tensor, "*any"]:
    """Return u(x) for x > 0; p = exponent + 1."""
    p = exponent + 1
    a, b, c = -(p + 1) * (p + 2) / 2, p * (p + 2), -p * (p + 1) / 2
    power = x.pow(p - 1)
    return torch.where(x < 1.0, 1.0 / x + power * (a + x * (b + x * c)), 0.0)


class BesselBasis(nn.Module):
    """rbf_n; the frequencies have the published name `freq`."""

    def __init__(self, num_radial: int, cutoff: float, exponent: int) -> None:
        super().__init__()
        self.freq = nn.Parameter(torch.arange(1, num_radial + 1) * math.pi)
        self.cutoff, self.exponent = cutoff, exponent

    def forward(self, distance: Float[Tensor, " edge"]) -> Float[Tensor, "edge radial"]:
        """Return the basis in at least float32."""
        dtype = torch.promote_types(distance.dtype, torch.promote_types(self.freq.dtype, torch.float32))
        x = (distance.to(dtype) / self.cutoff).clamp_min(_LEAST_DISTANCE)[:, None]
        return envelope(x, self.exponent) * torch.sin(self.freq.to(dtype) * x)


@cache
def bessel_zeros(num_orders: int, num_zeros: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return (z_ln, w_ln) for the orders l and the first zeros n.

    The zeros of order l lie between those of order l - 1.
    """
    between = np.arange(1, num_zeros + num_orders) * math.pi
    rows = []
    for order in range(num_orders):
        if order:
            between = np.array(
                [
                    brentq(lambda t, order=order: spherical_jn(order, t), low, high, xtol=1e-14)
                    for low, high in pairwise(between)
                ]
            )
        zero = between[:num_zeros].astype(np.float32).astype(np.float64)
        weight = math.sqrt(2.0) / np.abs(spherical_jn(order + 1, zero))
        rows.append(tuple((float(z), float(w)) for z, w in zip(zero, weight, strict=True)))
    return tuple(rows)


def radial_basis(
    distance: Float[Tensor, " edge"], cutoff: float, exponent: int, num_spherical: int, num_radial: int
) -> Float[Tensor, "edge spherical radial"]:
    """Return u(x) w_ln j_l(z_ln x), computed in float64: sums of large terms cancel."""
    table = distance.new_tensor(bessel_zeros(num_spherical, num_radial), dtype=torch.float64)
    x = (distance.double() / cutoff).clamp_min(_LEAST_DISTANCE)[:, None]
    orders = [table[order, :, 1] * spherical_bessel(order, table[order, :, 0] * x) for order in range(num_spherical)]
    return (envelope(x, exponent)[:, None] * torch.stack(orders, dim=1)).to(distance.dtype)


def spherical_bessel(order: int, value: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return j_l(t) for t > 0 in float64, to about 1e-14.

    j_(l+1) = (2 l + 1) / t j_l - j_(l-1) loses digits where t < l; there the power series is short.
    """
    is_large = value > order
    large, small = torch.where(is_large, value, order + 1.0), torch.where(is_large, 0.0, value)
    before, now = large.cos() / large, large.sin() / large
    for degree in range(order):
        before, now = now, (2 * degree + 1) / large * now - before
    half = -0.5 * small.square()
    term = torch.ones_like(small) / math.prod(range(1, 2 * order + 2, 2))
    series = term
    for k in range(1, 20 + order):
        term = term * half / (k * (2 * order + 2 * k + 1))
        series = series + term
    return torch.where(is_large, now, series * small.pow(order))


def angular_basis(cosine: Float[Tensor, "*any"], num_spherical: int) -> Float[Tensor, "*any spherical"]:
    """Return Y_l0 = sqrt((2 l + 1) / (4 pi)) P_l(cosine) for l = 0, 1, ... by the recurrence of Legendre."""
    values = [torch.ones_like(cosine), cosine]
    for degree in range(2, num_spherical):
        values.append(((2 * degree - 1) * cosine * values[-1] - (degree - 1) * values[-2]) / degree)
    scale = [math.sqrt((2 * degree + 1) / (4 * math.pi)) for degree in range(num_spherical)]
    return torch.stack([s * value for s, value in zip(scale, values, strict=False)], dim=-1)
