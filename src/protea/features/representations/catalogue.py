"""The representations that can be asked for, by name."""

from typing import Literal

from protea.features.representations.backbone import BACKBONE
from protea.features.representations.full_atom import FULL_ATOM
from protea.features.representations.interface import Representation
from protea.features.representations.side_chain import BACKBONE_SIDE_CHAIN, CA_SIDE_CHAIN

__all__ = ["REPRESENTATIONS", "RepresentationName"]

RepresentationName = Literal["ca", "backbone", "full_atom", "ca_side_chain", "backbone_side_chain"]
"""What stands for a residue; `ca` is the row of the residue itself, resolved or not."""

REPRESENTATIONS: dict[str, Representation] = {
    item.name: item for item in (BACKBONE, FULL_ATOM, CA_SIDE_CHAIN, BACKBONE_SIDE_CHAIN)
}
"""Every representation but `ca`, which has no nodes."""
