"""A node for each heavy atom: ProteinWorkshop's `FA`."""

from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.representations.interface import Representation
from protea.features.structure_view import StructureView
from protea.protein.chemistry import ATOM37

__all__ = ["FULL_ATOM"]


def _place(view: StructureView) -> tuple[Float[Tensor, "residue 37 3"], Bool[Tensor, "residue 37"]]:
    """Return every resolved heavy atom."""
    return view.atom37


FULL_ATOM = Representation("full_atom", ATOM37, reveals=frozenset({"side_chain", "backbone_dihedrals"}), place=_place)
"""The atoms in the order of `ATOM37`, however the file orders them. Which of them exist betrays the residue type."""
