"""Chi 1 to chi 4 of every residue."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.residue.angle_columns import angle_columns
from protea.features.structure_view import StructureView
from protea.geometry.torsions import dihedral, is_degenerate_dihedral
from protea.protein.chemistry import CHI_ATOM_CODES

__all__ = ["SIDE_CHAIN_TORSIONS", "side_chain_torsions"]

_ATOM_CODES = torch.from_numpy(CHI_ATOM_CODES)


def side_chain_torsions(view: StructureView) -> tuple[Float[Tensor, "4 residue"], Bool[Tensor, "4 residue"]]:
    """Return chi 1-4 in radian and which exist.

    An angle is undefined where the residue type has none, where one of its atoms is missing, and where the four atoms
    define none.
    """
    position, is_resolved = view.atom37
    codes = _ATOM_CODES.to(position.device)[view.batch.residue_type.long()]  # [residue, chi, 4 atoms]
    row = torch.arange(len(codes), device=position.device)[:, None, None]
    has_angle = codes[..., 0] >= 0
    codes = codes.clamp(min=0)
    points = position[row, codes].permute(2, 1, 0, 3).unbind(0)  # four times [chi, residue, 3]
    is_defined = (has_angle & is_resolved[row, codes].all(-1)).T
    return dihedral(*points), is_defined & ~is_degenerate_dihedral(*points)


def _columns(view: StructureView) -> Float[Tensor, "residue 8"]:
    return angle_columns(*side_chain_torsions(view), view.undefined_angles)


SIDE_CHAIN_TORSIONS = ResidueFeature(
    "side_chain_torsions",
    parity=(1, -1, 1, -1, 1, -1, 1, -1),
    reveals=frozenset({"side_chain"}),
    compute=_columns,
)
"""Columns cos, sin of chi 1-4. A mirror image has the opposite sines. Which of them exist betrays the residue type."""
