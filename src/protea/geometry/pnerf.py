"""Atoms and whole chains from internal coordinates (natural extension reference frame).

Each atom carries a frame: origin at the atom, x along the bond that leads to it, z normal to its last two bonds. A
bond length, a bond angle and a torsion are then a rigid motion from one atom's frame to the next, and a chain is the
running product of these motions. The product is taken by doubling, log2(L) batched steps for all chains at once,
which also keeps the rounding error from growing with the length as it does atom by atom.

Source of the placement: Parsons et al., J. Comput. Chem. 26, 1063 (2005).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.errors import ContractError
from protea.geometry.backbone import InternalCoordinates
from protea.geometry.frames import Frames, frames_from_three_points
from protea.geometry.segments import check_ptr, lengths_of, segment_of

__all__ = ["place_atom", "rebuild_backbone", "rebuild_chain"]


def place_atom(
    a: Float[Tensor, "*batch 3"],
    b: Float[Tensor, "*batch 3"],
    c: Float[Tensor, "*batch 3"],
    length: Float[Tensor, "*batch"],
    angle: Float[Tensor, "*batch"],
    torsion: Float[Tensor, "*batch"],
) -> Float[Tensor, "*batch 3"]:
    """Return the atom d with bond length c-d, bond angle b-c-d and torsion a-b-c-d.

    Where a, b, c lie on a line the torsion has no meaning and the placement is made about the global axes.
    """
    toward = frames_from_three_points(a, b, c)
    # Seen from b: c lies on +x and a at y > 0, so torsion 0 (cis) puts d on the side of a.
    along, up = length * angle.cos(), length * angle.sin()
    local = torch.stack([-along, up * torsion.cos(), up * torsion.sin()], dim=-1)
    return Frames(toward.rotation, c).apply(local)


def rebuild_chain(
    bond_lengths: Float[Tensor, "residue 3"],
    bond_angles: Float[Tensor, "residue 3"],
    torsions: Float[Tensor, "residue 3"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    start: Frames | None = None,
) -> Float[Tensor, "residue 3 3"]:
    """Return N, CA, C positions (axes: residue, atom, xyz) of packed chains, angstrom.

    The columns are those of `protea.geometry.backbone`; entries that reach past a chain's ends are not read. `start`
    holds one frame per protein: first N at the origin, first CA on +x, first C at y > 0; without it these are the
    global axes.

    Raises:
        ContractError: if `residue_ptr` does not cover the residues or `start` has another number of proteins.
    """
    check_ptr(residue_ptr, bond_lengths.shape[0])
    num_proteins = residue_ptr.shape[0] - 1
    if start is None:
        start = Frames.identity(num_proteins, dtype=bond_lengths.dtype, device=bond_lengths.device)
    if start.shape != (num_proteins,):
        raise ContractError(
            f"rebuild_chain: expected one start frame per protein ({num_proteins}), found {tuple(start.shape)}"
        )
    protein_of = segment_of(residue_ptr, bond_lengths.shape[0])
    position_in_chain = torch.arange(protein_of.shape[0], device=residue_ptr.device) - residue_ptr[protein_of]
    to_n, to_ca, to_c = _bond_motions(bond_lengths, bond_angles, torsions, position_in_chain == 0)
    steps = to_n.compose(to_ca).compose(to_c)
    num_doublings = int(lengths_of(residue_ptr).max()).bit_length() if protein_of.numel() else 0
    for power in range(num_doublings):
        steps = _double(steps, position_in_chain, 1 << power)
    c_frame = start.select(protein_of).compose(steps)
    # Back from C along the residue's own motions: three products, and no second scan.
    ca_frame = c_frame.compose(to_c.invert())
    n_frame = ca_frame.compose(to_ca.invert())
    return torch.stack([n_frame.translation, ca_frame.translation, c_frame.translation], dim=1)


def rebuild_backbone(
    internal: InternalCoordinates, residue_ptr: Int[Tensor, " protein_plus_1"], start: Frames | None = None
) -> Float[Tensor, "residue 3 3"]:
    """Return N, CA, C positions from measured internal coordinates; see `rebuild_chain`."""
    return rebuild_chain(internal.bond_length, internal.bond_angle, internal.torsion, residue_ptr, start)


def _bond_motions(
    lengths: Float[Tensor, "residue 3"],
    angles: Float[Tensor, "residue 3"],
    torsions: Float[Tensor, "residue 3"],
    is_first: torch.Tensor,
) -> tuple[Frames, Frames, Frames]:
    """Return the motions C(i-1) -> N, N -> CA and CA -> C of every residue."""
    previous_length, previous_angle, previous_torsion = lengths.roll(1, 0), angles.roll(1, 0), torsions.roll(1, 0)
    zero, half_turn = torch.zeros_like(lengths[:, 0]), torch.full_like(lengths[:, 0], torch.pi)
    # A first residue stands on its start frame: a straight step (angle pi) keeps the axes, torsion 0 the plane.
    to_n = _motion(
        torch.where(is_first, zero, previous_length[:, 2]),
        torch.where(is_first, half_turn, previous_angle[:, 1]),
        torch.where(is_first, zero, previous_torsion[:, 1]),
    )
    to_ca = _motion(
        lengths[:, 0],
        torch.where(is_first, half_turn, previous_angle[:, 2]),
        torch.where(is_first, zero, previous_torsion[:, 2]),
    )
    to_c = _motion(lengths[:, 1], angles[:, 0], torch.where(is_first, zero, torsions[:, 0]))
    return to_n, to_ca, to_c


def _motion(
    length: Float[Tensor, " residue"], angle: Float[Tensor, " residue"], torsion: Float[Tensor, " residue"]
) -> Frames:
    """Return the motion from an atom's frame to that of the atom bonded to it."""
    cos_a, sin_a, cos_t, sin_t = angle.cos(), angle.sin(), torsion.cos(), torsion.sin()
    zero = torch.zeros_like(length)
    along = torch.stack([-cos_a, sin_a * cos_t, sin_a * sin_t], dim=-1)
    across = torch.stack([-sin_a, -cos_a * cos_t, -cos_a * sin_t], dim=-1)
    normal = torch.stack([zero, -sin_t, cos_t], dim=-1)
    return Frames(torch.stack([along, across, normal], dim=-1), length[:, None] * along)


def _double(steps: Frames, position_in_chain: Int[Tensor, " residue"], reach: int) -> Frames:
    """Return products over twice the reach: each residue takes in the product that ends `reach` before it."""
    late = (position_in_chain >= reach).nonzero().squeeze(1)
    joined = steps.select(late - reach).compose(steps.select(late))
    return Frames(
        steps.rotation.index_put((late,), joined.rotation), steps.translation.index_put((late,), joined.translation)
    )
