"""A right-handed frame per residue from the CA trace alone, so that any scheme has one.

The frame of residue i comes from CA i-1, i, i+1: x towards CA i+1, CA i-1 in the upper half of the xy plane, z their
right-handed normal. A mirror image has the mirrored x and y but the opposite z: what is seen in such a frame knows
left from right.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.features.residue.bonded import is_ca_near_next, is_same_chain_as_next
from protea.geometry.frames import Frames, frames_from_three_points
from protea.geometry.segments import segment_of
from protea.geometry.torsions import is_collinear

__all__ = ["CaFrames", "ca_frames"]


@dataclass(frozen=True, eq=False)
class CaFrames:
    """Frames at the CA atoms (angstrom); the identity rotation where `is_defined` is False."""

    frames: Frames
    is_defined: Bool[Tensor, " residue"]


def ca_frames(
    position: Float[Tensor, "residue 3"],
    is_resolved: Bool[Tensor, " residue"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    chain_of: Int[Tensor, " residue"],
) -> CaFrames:
    """Return the frame of every residue from CA positions.

    A residue without three linked CA around it (the end of a chain or of an unbroken stretch, three CA on a line)
    takes the rotation of the next residue, else of the previous one, if it is linked to it. Stretches of one or two
    residues and unresolved residues have no frame. Two residues are linked if they follow each other in one chain and
    both CA are resolved and not further apart than `bonded.LARGEST_CA_CA`. Gradients are finite everywhere.
    """
    position = torch.where(is_resolved[:, None], position, 0.0)
    is_same_chain = is_same_chain_as_next(segment_of(residue_ptr, len(position)), chain_of)
    is_both = is_resolved & torch.roll(is_resolved, -1)
    is_linked = is_same_chain & is_both & is_ca_near_next(position, is_resolved)
    is_linked_before = torch.roll(is_linked, 1)
    before, after = torch.roll(position, 1, 0), torch.roll(position, -1, 0)

    own = is_linked_before & is_linked & ~is_collinear(before, position, after)
    from_next = is_linked & torch.roll(own, -1)
    from_previous = is_linked_before & torch.roll(own, 1)
    is_defined = own | from_next | from_previous

    row = torch.arange(len(position), device=position.device)
    giver = torch.where(own, row, torch.where(from_next, row + 1, torch.where(from_previous, row - 1, row)))
    rotation = frames_from_three_points(before, position, after).rotation[giver]
    identity = torch.eye(3, dtype=position.dtype, device=position.device)
    return CaFrames(Frames(torch.where(is_defined[:, None, None], rotation, identity), position), is_defined)
