"""Phi, psi and omega of every residue.

Omega of residue i belongs to the peptide bond i -> i+1, as in ProteinWorkshop. (AlphaFold counts the bond i-1 -> i.)
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.residue.angle_columns import angle_columns
from protea.features.structure_view import StructureView
from protea.geometry.torsions import dihedral, is_degenerate_dihedral

__all__ = ["BACKBONE_DIHEDRALS", "backbone_dihedrals"]


def backbone_dihedrals(view: StructureView) -> tuple[Float[Tensor, "3 residue"], Bool[Tensor, "3 residue"]]:
    """Return phi (C i-1, N, CA, C), psi (N, CA, C, N i+1), omega (CA, C, N i+1, CA i+1) in radian, and which exist.

    An angle is undefined where an atom is missing, over a chain break, and where the four atoms define none.
    """
    c_before = torch.roll(view.c, 1, 0)
    n_after, ca_after = torch.roll(view.n, -1, 0), torch.roll(view.ca, -1, 0)
    points = (
        torch.stack([c_before, view.n, view.ca]),
        torch.stack([view.n, view.ca, view.c]),
        torch.stack([view.ca, view.c, n_after]),
        torch.stack([view.c, n_after, ca_after]),
    )
    has_plane = view.has_n & view.has_ca & view.has_c
    links_to_n = view.is_linked & torch.roll(view.has_n, -1)
    is_defined = torch.stack(
        [
            has_plane & torch.roll(view.is_linked & view.has_c, 1),
            has_plane & links_to_n,
            view.has_ca & view.has_c & links_to_n & torch.roll(view.has_ca, -1),
        ]
    )
    return dihedral(*points), is_defined & ~is_degenerate_dihedral(*points)


def _columns(view: StructureView) -> Float[Tensor, "residue 6"]:
    return angle_columns(*backbone_dihedrals(view), view.undefined_angles)


BACKBONE_DIHEDRALS = ResidueFeature(
    "backbone_dihedrals",
    parity=(1, -1, 1, -1, 1, -1),
    reveals=frozenset({"backbone_dihedrals"}),
    compute=_columns,
)
"""Columns cos, sin of phi, psi, omega. The mirror image has the opposite sines."""
