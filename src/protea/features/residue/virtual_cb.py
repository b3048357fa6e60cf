"""Where the side chain points: from the CA to a CB in ideal tetrahedral geometry, for glycine too."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import VectorFeature
from protea.features.structure_view import StructureView
from protea.geometry.vectors import unit_vector

__all__ = ["VIRTUAL_CB"]


def _virtual_cb(view: StructureView) -> Float[Tensor, "residue 1 3"]:
    """Return the unit vector from CA to CB, computed from N, CA and C alone (as Jing et al. 2021, section 3.1).

    It is 0 where one of the three is missing, or where they lie on a line.
    """
    has_plane = (view.has_n & view.has_ca & view.has_c)[:, None]
    to_n = unit_vector((view.n - view.ca).masked_fill(~has_plane, 0.0))
    to_c = unit_vector((view.c - view.ca).masked_fill(~has_plane, 0.0))
    # The two other bonds of a tetrahedron lie across the plane of the first two, on either side of it.
    normal = torch.linalg.cross(to_n, to_c, dim=-1)
    has_normal = normal.square().sum(-1, keepdim=True) > 0
    vector = math.sqrt(2 / 3) * unit_vector(normal) - math.sqrt(1 / 3) * unit_vector(to_n + to_c)
    return vector.masked_fill(~has_normal, 0.0)[:, None]


VIRTUAL_CB = VectorFeature(
    "virtual_cb", num=1, is_polar=False, reveals=frozenset({"backbone_dihedrals"}), compute=_virtual_cb
)
"""One vector. The mirror image of a protein is made of D residues, whose CB stands on the other side."""
