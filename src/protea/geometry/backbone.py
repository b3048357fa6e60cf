"""Internal coordinates of packed backbones (N, CA, C per residue).

Every quantity is stored with one residue; those in the second and third column reach to the next residue i + 1 of
the same chain:

| column | bond_length | bond_angle | torsion |
|---|---|---|---|
| 0 | N - CA | N - CA - C | phi: C(i-1) - N - CA - C |
| 1 | CA - C | CA - C - N(i+1) | psi: N - CA - C - N(i+1) |
| 2 | C - N(i+1) | C - N(i+1) - CA(i+1) | omega: CA - C - N(i+1) - CA(i+1) |
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.geometry.segments import check_ptr, lengths_of
from protea.geometry.torsions import bond_angle, dihedral
from protea.geometry.vectors import vector_length

__all__ = ["InternalCoordinates", "backbone_internal_coordinates"]


@dataclass(frozen=True, eq=False)
class InternalCoordinates:
    """Bond lengths (angstrom), bond angles and torsions (radian) of packed backbones; see the table above.

    What reaches past the end of a chain is 0 and marked False in `has_next`; phi of the first residue is 0 and
    marked False in `has_previous`.
    """

    bond_length: Float[Tensor, "residue 3"]
    bond_angle: Float[Tensor, "residue 3"]
    torsion: Float[Tensor, "residue 3"]
    has_previous: Bool[Tensor, " residue"]
    has_next: Bool[Tensor, " residue"]

    @property
    def is_torsion_defined(self) -> Bool[Tensor, "residue 3"]:
        """True where phi, psi, omega have all their atoms in the chain."""
        return torch.stack([self.has_previous, self.has_next, self.has_next], dim=-1)


def backbone_internal_coordinates(
    backbone: Float[Tensor, "residue 3 3"], residue_ptr: Int[Tensor, " protein_plus_1"]
) -> InternalCoordinates:
    """Return the internal coordinates of N, CA, C positions (axes: residue, atom, xyz), chain by chain.

    A chain break is measured like any bond, so that rebuilding restores it; mask it by its length where it matters.

    Raises:
        ContractError: if `residue_ptr` does not cover the residues.
    """
    num_residues = backbone.shape[0]
    check_ptr(residue_ptr, num_residues)
    has_previous = torch.ones(num_residues, dtype=torch.bool, device=backbone.device)
    has_next = has_previous.clone()
    is_occupied = lengths_of(residue_ptr) > 0
    has_previous[residue_ptr[:-1][is_occupied]] = False
    has_next[residue_ptr[1:][is_occupied] - 1] = False
    n, ca, c = backbone.unbind(1)
    # Roll, then mask: at a border the neighbour is a residue of another chain, whose value must not be used.
    next_n, next_ca, last_c = n.roll(-1, 0), ca.roll(-1, 0), c.roll(1, 0)

    def inside(value: Float[Tensor, " residue"], is_kept: Bool[Tensor, " residue"]) -> Float[Tensor, " residue"]:
        return torch.where(is_kept, value, 0.0)

    lengths = [vector_length(ca - n), vector_length(c - ca), inside(vector_length(next_n - c), has_next)]
    angles = [
        bond_angle(n, ca, c),
        inside(bond_angle(ca, c, next_n), has_next),
        inside(bond_angle(c, next_n, next_ca), has_next),
    ]
    torsions = [
        inside(dihedral(last_c, n, ca, c), has_previous),
        inside(dihedral(n, ca, c, next_n), has_next),
        inside(dihedral(ca, c, next_n, next_ca), has_next),
    ]
    return InternalCoordinates(
        torch.stack(lengths, -1), torch.stack(angles, -1), torch.stack(torsions, -1), has_previous, has_next
    )
