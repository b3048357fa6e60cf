"""Kappa: how sharply the CA trace bends at a residue."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.residue.angle_columns import angle_columns
from protea.features.structure_view import StructureView
from protea.geometry.torsions import bond_angle, is_degenerate_angle

__all__ = ["KAPPA"]


def _kappa(view: StructureView) -> Float[Tensor, "residue 2"]:
    """Return cos and sin of pi minus the angle CA i-2, i, i+2 (0 for a straight trace).

    Undefined over a break between i-2 and i+2 and where one of the three CA is missing.
    """
    points = [torch.roll(view.ca, -offset, 0) for offset in (-2, 0, 2)]
    is_defined = view.are_linked(-2, 2) & ~is_degenerate_angle(*points)
    for offset in (-2, 0, 2):
        is_defined = is_defined & torch.roll(view.has_ca, -offset)
    angle = math.pi - bond_angle(*points)
    return angle_columns(angle[None], is_defined[None], view.undefined_angles)


KAPPA = ResidueFeature("kappa", parity=(1, 1), reveals=frozenset(), compute=_kappa)
"""Columns cos, sin. The mirror image has the same values."""
