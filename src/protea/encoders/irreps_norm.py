"""Batch normalisation of irreps: by the mean square of the components, which no rotation changes.

Only what is invariant (0e) has its mean taken away and a bias added; anything else would not turn with the molecule.
State names are those of e3nn: `weight`, `bias`, `running_mean`, `running_var`. The statistics are taken over residues.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.irreps import IrrepBlock, offsets_of

__all__ = ["IrrepsNorm"]

_EPS = 1e-5
_MOMENTUM = 0.1


class IrrepsNorm(nn.Module):
    """The normalisation of rows made of these blocks (by component, then channel)."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, blocks: tuple[IrrepBlock, ...]) -> None:
        super().__init__()
        self.blocks = blocks
        num_means = sum(block.num for block in blocks if block.is_invariant)
        num_scales = sum(block.num for block in blocks)
        self.weight = nn.Parameter(torch.ones(num_scales))
        self.bias = nn.Parameter(torch.zeros(num_means))
        self.register_buffer("running_mean", torch.zeros(num_means))
        self.register_buffer("running_var", torch.ones(num_scales))

    def forward(self, value: Float[Tensor, "row column"]) -> Float[Tensor, "row column"]:
        """Return the normalised rows; in training the running statistics follow. Without rows nothing happens."""
        if len(value) == 0:
            return value
        wide = value.to(torch.promote_types(value.dtype, torch.float32))
        parts, mean_at, scale_at = [], 0, 0
        for block, place in zip(self.blocks, offsets_of(self.blocks), strict=True):
            field = wide[:, place].unflatten(1, (block.components, block.num))
            means = slice(mean_at, mean_at + block.num if block.is_invariant else mean_at)
            scales = slice(scale_at, scale_at + block.num)
            if block.is_invariant:
                field = field - self._mean(field, means)
            field = field * ((self._square(field, scales) + _EPS).rsqrt() * self.weight[scales])
            if block.is_invariant:
                field = field + self.bias[means]
            parts.append(field.flatten(1))
            mean_at, scale_at = means.stop, scales.stop
        return torch.cat(parts, dim=1).to(value.dtype)

    def _mean(self, field: Tensor, place: slice) -> Tensor:
        """Return the mean of every channel of an invariant block."""
        if not self.training:
            return self.running_mean[place].to(field.dtype)
        mean = field.mean((0, 1))
        _follow(self.running_mean[place], mean)
        return mean

    def _square(self, field: Tensor, place: slice) -> Tensor:
        """Return the mean square of every channel over rows and components."""
        if not self.training:
            return self.running_var[place].to(field.dtype)
        square = field.square().mean((0, 1))
        _follow(self.running_var[place], square)
        return square


def _follow(running: Tensor, new: Tensor) -> None:
    running.lerp_(new.detach().to(running.dtype), _MOMENTUM)
