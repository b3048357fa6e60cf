"""Functions of distance: Gaussians on a grid, and the cosine cutoff."""

import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["GaussianSmearing", "cosine_cutoff"]

_LEAST_EXPONENT = -60.0


class GaussianSmearing(nn.Module):
    """Gaussians centred on a grid from 0 to `cutoff` (angstrom), as wide as the grid's step (SchNet, eq. 3).

    The grid is kept in float32 whatever the precision of the module: in bfloat16 the centres would move by up to
    0.03 angstrom. It is part of the state, under the published name `offset`.
    """

    offset: Tensor

    def __init__(self, cutoff: float, num_gaussians: int) -> None:
        super().__init__()
        self.register_buffer("offset", torch.linspace(0.0, cutoff, num_gaussians))
        self.step = cutoff / (num_gaussians - 1)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "GaussianSmearing":
        kept = self.offset
        super()._apply(fn, recurse)
        if self.offset.dtype in (torch.bfloat16, torch.float16):
            self.offset = kept.to(self.offset.device)
        return self

    def forward(self, distance: Float[Tensor, " edge"]) -> Float[Tensor, "edge gaussian"]:
        """Return exp(-(d - mu)^2 / (2 step^2)) for every grid point mu, and e^-60 where that would be less.

        Far Gaussians would be denormal numbers in float32, with which a matrix product takes five times as long.
        """
        difference = distance[:, None] - self.offset.to(distance.dtype)
        return torch.exp((difference.square() * (-0.5 / self.step**2)).clamp_min(_LEAST_EXPONENT))


def cosine_cutoff(distance: Float[Tensor, " edge"], cutoff: float, mask_beyond: bool) -> Float[Tensor, " edge"]:
    """Return (cos(pi d / cutoff) + 1) / 2, from 1 at 0 to 0 at the cutoff.

    Beyond the cutoff the cosine rises again. `mask_beyond` sets it to 0 there, as is meant; without it the weights
    are those of published models, which were trained on graphs that reach further than the cutoff.
    """
    weight = 0.5 * (torch.cos(distance * (math.pi / cutoff)) + 1.0)
    return torch.where(distance < cutoff, weight, 0.0) if mask_beyond else weight
