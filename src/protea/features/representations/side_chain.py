"""A node for the side chain, beside the CA or the backbone: ProteinWorkshop's `CA_SC` and `BB_SC`."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.representations.interface import Representation
from protea.features.structure_view import StructureView
from protea.protein.chemistry import ATOM37, BACKBONE_ATOMS

__all__ = ["BACKBONE_SIDE_CHAIN", "CA_SIDE_CHAIN", "side_chain_centroid"]

_SIDE_CHAIN_CODES = [code for code, name in enumerate(ATOM37) if name not in (*BACKBONE_ATOMS, "OXT")]


def side_chain_centroid(view: StructureView) -> tuple[Float[Tensor, "residue 3"], Bool[Tensor, " residue"]]:
    """Return the mean position of the resolved heavy atoms beyond N, CA, C, O and OXT, and where there is any."""
    position, is_resolved = view.atom37
    num_atoms = is_resolved[:, _SIDE_CHAIN_CODES].sum(1)
    # Unresolved positions are 0 and add nothing.
    total = position[:, _SIDE_CHAIN_CODES].sum(1)
    return total / num_atoms.clamp(min=1)[:, None], num_atoms > 0


def _with_side_chain(
    view: StructureView, position: Float[Tensor, "residue type 3"], is_resolved: Bool[Tensor, "residue type"]
) -> tuple[Float[Tensor, "residue wider 3"], Bool[Tensor, "residue wider"]]:
    centroid, has_side_chain = side_chain_centroid(view)
    return torch.cat([position, centroid[:, None]], 1), torch.cat([is_resolved, has_side_chain[:, None]], 1)


def _ca(view: StructureView) -> tuple[Float[Tensor, "residue 2 3"], Bool[Tensor, "residue 2"]]:
    """Return CA and side chain."""
    return _with_side_chain(view, view.ca[:, None], view.has_ca[:, None])


def _backbone(view: StructureView) -> tuple[Float[Tensor, "residue 5 3"], Bool[Tensor, "residue 5"]]:
    """Return N, CA, C, O and side chain."""
    return _with_side_chain(view, *view.batch.backbone())


CA_SIDE_CHAIN = Representation("ca_side_chain", ("CA", "SC"), reveals=frozenset({"side_chain"}), place=_ca)
"""CA and the centroid of the side chain; glycine has none."""

BACKBONE_SIDE_CHAIN = Representation(
    "backbone_side_chain",
    (*BACKBONE_ATOMS, "SC"),
    reveals=frozenset({"side_chain", "backbone_dihedrals"}),
    place=_backbone,
)
"""N, CA, C, O and the centroid of the side chain; glycine has none."""
