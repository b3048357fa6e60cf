"""Structures whose backbone torsions were turned: all bond lengths and angles stay, side chains go along rigidly.

A stretch is a run of residues that are bonded and have N, CA and C. It is rebuilt by itself, from the place of its
first residue, with the bond lengths and bond angles of every residue as they were; nothing turns across a chain break
or a missing atom. Each atom keeps its place in the frame (N, CA, C) of its residue; the carbonyl oxygens turn with psi,
as the peptide plane does in which they lie. Positions in angstrom, torsions in radian; omega is that of the bond
i -> i+1.
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.features.structure_view import StructureView
from protea.geometry.backbone import backbone_internal_coordinates
from protea.geometry.frames import Frames, frames_from_three_points
from protea.geometry.pnerf import rebuild_backbone
from protea.geometry.rotations import matrix_from_vector
from protea.geometry.segments import ptr_from_lengths
from protea.geometry.torsions import is_collinear
from protea.geometry.vectors import unit_vector
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import ATOM_CODE

__all__ = ["Stretches", "backbone_stretches", "turned_backbone", "turned_batch"]

_OXYGENS = (ATOM_CODE["O"], ATOM_CODE["OXT"])


@dataclass(frozen=True, eq=False)
class Stretches:
    """Unbroken runs of residues with a whole backbone.

    Attributes:
        row: the rows of their residues in the batch, rising.
        ptr: where each stretch begins and ends in `row`.
        backbone: their N, CA, C in float64, angstrom.
    """

    row: Int[Tensor, " member"]
    ptr: Int[Tensor, " stretch_plus_1"]
    backbone: Float[Tensor, "member 3 3"]

    def is_torsion_defined(self, num_residues: int) -> Bool[Tensor, "residue 3"]:
        """Return where phi, psi and omega of each residue of the batch can be turned."""
        has_previous = torch.ones(len(self.row), dtype=torch.bool, device=self.row.device)
        has_next = has_previous.clone()
        has_previous[self.ptr[:-1]] = False
        has_next[self.ptr[1:] - 1] = False
        is_defined = torch.zeros((num_residues, 3), dtype=torch.bool, device=self.row.device)
        is_defined[self.row] = torch.stack([has_previous, has_next, has_next], dim=1)
        return is_defined


def backbone_stretches(batch: ProteinBatch) -> Stretches:
    """Return the stretches of a batch.

    A residue or a bond whose atoms lie on a line has no torsion, and ends a stretch.
    """
    view = StructureView(batch)
    n, ca, c = (position.double() for position in (view.n, view.ca, view.c))
    next_n, next_ca = n.roll(-1, 0), ca.roll(-1, 0)
    is_whole = view.has_n & view.has_ca & view.has_c & ~is_collinear(n, ca, c)
    is_joined = view.is_linked & is_whole & is_whole.roll(-1)
    is_joined &= ~(is_collinear(ca, c, next_n) | is_collinear(c, next_n, next_ca))
    row = is_whole.nonzero().squeeze(1)
    first = (~is_joined.roll(1)[row]).nonzero().squeeze(1)
    lengths = torch.cat([first, first.new_tensor([len(row)])]).diff()
    return Stretches(row, ptr_from_lengths(lengths), torch.stack([n, ca, c], dim=1)[row])


def turned_backbone(
    backbone: Float[Tensor, "member 3 3"], ptr: Int[Tensor, " stretch_plus_1"], turn: Float[Tensor, "member 3"]
) -> Float[Tensor, "member 3 3"]:
    """Return N, CA, C after turning phi, psi and omega by `turn`; the first residue of each stretch stays in place."""
    internal = backbone_internal_coordinates(backbone, ptr)
    n, ca, c = backbone[ptr[:-1]].unbind(1)
    start = frames_from_three_points(c, n, ca)  # N at the origin, CA on x, C above it: what the rebuild starts from
    return rebuild_backbone(replace(internal, torsion=internal.torsion + turn), ptr, start)


def turned_batch(batch: ProteinBatch, turn: Float[Tensor, "residue 3"]) -> ProteinBatch:
    """Return the batch with phi, psi, omega turned by `turn` where they are defined, computed in float64.

    Atoms of residues that belong to no stretch stay where they are.
    """
    stretches = backbone_stretches(batch)
    turn = turn.double() * stretches.is_torsion_defined(batch.num_residues)
    before = stretches.backbone
    after = turned_backbone(before, stretches.ptr, turn[stretches.row])
    position = batch.atom_position.double()
    residue = batch.residue_of_atom()
    member_of = torch.full((batch.num_residues,), -1, dtype=torch.long, device=batch.device)
    member_of[stretches.row] = torch.arange(len(stretches.row), device=batch.device)
    atom = (member_of[residue] >= 0).nonzero().squeeze(1)
    member = member_of[residue[atom]]
    local = _frames(before).select(member).apply_inverse(_with_turned_oxygens(batch, atom, before[member], turn))
    position = position.index_copy(0, atom, _frames(after).select(member).apply(local))
    return batch.replace(atom_position=position.to(batch.atom_position.dtype))


def _frames(backbone: Float[Tensor, "member 3 3"]) -> Frames:
    n, ca, c = backbone.unbind(1)
    return frames_from_three_points(n, ca, c)


def _with_turned_oxygens(
    batch: ProteinBatch, atom: Int[Tensor, " moved"], backbone: Float[Tensor, "moved 3 3"],
    turn: Float[Tensor, "residue 3"],
) -> Float[Tensor, "moved 3"]:  # fmt: skip
    """Return the positions of the moved atoms once each carbonyl oxygen has turned by psi about CA -> C."""
    position = batch.atom_position[atom].double()
    is_oxygen = torch.isin(batch.atom_code[atom].long(), torch.tensor(_OXYGENS, device=batch.device))
    chosen = is_oxygen.nonzero().squeeze(1)
    _, ca, c = backbone[chosen].unbind(1)
    psi = turn[batch.residue_of_atom()[atom[chosen]], 1]
    about = Frames(matrix_from_vector(unit_vector(c - ca) * psi[:, None]), c)
    return position.index_copy(0, chosen, about.apply(position[chosen] - c))
