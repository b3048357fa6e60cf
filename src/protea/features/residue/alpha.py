"""Alpha: the dihedral angle of four consecutive CA atoms."""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.residue.angle_columns import angle_columns
from protea.features.structure_view import StructureView
from protea.geometry.torsions import dihedral, is_degenerate_dihedral

__all__ = ["ALPHA"]


def _alpha(view: StructureView) -> Float[Tensor, "residue 2"]:
    """Return cos and sin of the dihedral of CA i-1, i, i+1, i+2; undefined over a break or a missing CA."""
    points = [torch.roll(view.ca, -offset, 0) for offset in (-1, 0, 1, 2)]
    is_defined = view.are_linked(-1, 2) & ~is_degenerate_dihedral(*points)
    for offset in (-1, 0, 1, 2):
        is_defined = is_defined & torch.roll(view.has_ca, -offset)
    return angle_columns(dihedral(*points)[None], is_defined[None], view.undefined_angles)


ALPHA = ResidueFeature("alpha", parity=(1, -1), reveals=frozenset(), compute=_alpha)
"""Columns cos, sin. The mirror image has the opposite sine."""
