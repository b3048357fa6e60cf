"""Unit vectors along the CA trace, forward and backward."""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import VectorFeature
from protea.features.structure_view import StructureView
from protea.geometry.vectors import unit_vector

__all__ = ["ORIENTATION", "orientation"]


def orientation(view: StructureView) -> Float[Tensor, "residue 2 3"]:
    """Return unit(CA i+1 - CA i) and unit(CA i-1 - CA i).

    A vector is 0 over a chain end or break and where a CA is missing. Both turn and mirror with the protein (polar).
    """
    is_step = view.is_linked & view.has_ca & torch.roll(view.has_ca, -1)
    step = torch.roll(view.ca, -1, 0) - view.ca
    forward = unit_vector(step.masked_fill(~is_step[:, None], 0.0))
    return torch.stack([forward, -torch.roll(forward, 1, 0)], dim=1)


ORIENTATION = VectorFeature("orientation", num=2, is_polar=True, reveals=frozenset(), compute=orientation)
"""Forward, backward."""
