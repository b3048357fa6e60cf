"""Bessel functions of distance under a smooth cutoff (Gasteiger et al. 2020, eq. 7 and 8), as GVP and MACE read them.

    sqrt(2 / c) sin(n pi d / c) / d (1 - (p + 1)(p + 2)/2 x^p + p (p + 2) x^(p + 1) - p (p + 1)/2 x^(p + 2))

with x = d / c below the cutoff c, and 0 beyond. Key names of the published weights: `bessel_fn.{bessel_weights, r_max,
prefactor}`, `cutoff_fn.{p, r_max}`.
"""

import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["BesselEmbedding"]


class _Frozen(nn.Module):
    """Constants that keep float32 in half precision, where the highest frequency would be off by 0.1 radian."""

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "_Frozen":
        kept = dict(self._buffers)
        super()._apply(fn, recurse)
        for name, value in kept.items():
            found = self._buffers[name]
            if value is not None and found is not None and found.dtype in (torch.bfloat16, torch.float16):
                self._buffers[name] = value.to(found.device)
        return self


class _Bessel(_Frozen):
    """sqrt(2 / c) sin(w d) / d, and its limit at 0."""

    bessel_weights: Tensor
    prefactor: Tensor

    def __init__(self, cutoff: float, num_bessel: int) -> None:
        super().__init__()
        self.register_buffer("bessel_weights", math.pi / cutoff * torch.arange(1.0, num_bessel + 1))
        self.register_buffer("r_max", torch.tensor(cutoff))
        self.register_buffer("prefactor", torch.tensor(math.sqrt(2.0 / cutoff)))

    def forward(self, distance: Float[Tensor, " edge"]) -> Float[Tensor, "edge bessel"]:
        """Return the functions in the dtype of the distance."""
        weight = self.bessel_weights.to(distance.dtype)
        is_zero = distance[:, None] == 0
        safe = torch.where(is_zero, 1.0, distance[:, None])
        return self.prefactor.to(distance.dtype) * torch.where(is_zero, weight, torch.sin(weight * safe) / safe)


class _PolynomialCutoff(_Frozen):
    """The envelope, from 1 at 0 to 0 at the cutoff."""

    p: Tensor
    r_max: Tensor

    def __init__(self, cutoff: float, power: int) -> None:
        super().__init__()
        self.register_buffer("p", torch.tensor(float(power)))
        self.register_buffer("r_max", torch.tensor(cutoff))

    def forward(self, distance: Float[Tensor, " edge"]) -> Float[Tensor, " edge"]:
        """Return the envelope in the dtype of the distance."""
        p, cutoff = self.p.to(distance.dtype), self.r_max.to(distance.dtype)
        x = distance / cutoff
        terms = (p + 1) * (p + 2) / 2 - p * (p + 2) * x + p * (p + 1) / 2 * x.square()
        return torch.where(distance < cutoff, 1.0 - terms * x.pow(p), 0.0)


class BesselEmbedding(nn.Module):
    """The functions times the envelope; every constant is part of the state, under its published name."""

    def __init__(self, cutoff: float, num_bessel: int, power: int) -> None:
        super().__init__()
        self.bessel_fn = _Bessel(cutoff, num_bessel)
        self.cutoff_fn = _PolynomialCutoff(cutoff, power)

    def forward(self, distance: Float[Tensor, " edge"]) -> Float[Tensor, "edge bessel"]:
        """Return the values in the dtype of the distance (angstrom); 0 from the cutoff on."""
        value: Tensor = self.bessel_fn(distance) * self.cutoff_fn(distance)[:, None]
        return value
