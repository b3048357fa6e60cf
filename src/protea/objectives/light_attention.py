"""Light attention (Stärk et al. 2021): every channel of a protein reads its residues by weights of its own.

    [sum over residues i of softmax_i(A x)_i (V x)_i,  max over i of (V x)_i]

The two maps are one residue wide (published: nine), because encoders have mixed neighbours already.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.geometry.segments import segment_max, segment_softmax, segment_sum

__all__ = ["LightAttention"]


class LightAttention(nn.Module):
    """Pools residues to proteins; the output is twice as wide as `width`."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.score = nn.Linear(channels, width)
        self.value = nn.Linear(channels, width)

    def forward(
        self, residue: Float[Tensor, "residue channel"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Float[Tensor, "protein two_widths"]:
        """Return the weighted sum and the maximum of each protein; one without residues gives 0."""
        value = self.value(residue)
        weight = segment_softmax(self.score(residue), residue_ptr).to(value.dtype)
        read = segment_sum(weight * value, residue_ptr)
        return torch.cat([read, segment_max(value, residue_ptr)], dim=1)
