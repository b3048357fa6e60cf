"""A node for each backbone atom: ProteinWorkshop's `BB`."""

from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.representations.interface import Representation
from protea.features.structure_view import StructureView
from protea.protein.chemistry import BACKBONE_ATOMS

__all__ = ["BACKBONE"]


def _place(view: StructureView) -> tuple[Float[Tensor, "residue 4 3"], Bool[Tensor, "residue 4"]]:
    """Return N, CA, C, O."""
    return view.batch.backbone()


BACKBONE = Representation("backbone", BACKBONE_ATOMS, reveals=frozenset({"backbone_dihedrals"}), place=_place)
"""N, CA, C, O. (ProteinWorkshop gives a missing atom a node at its fill value, next to the origin.)"""
