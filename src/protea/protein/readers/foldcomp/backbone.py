"""N, CA, C of many chains at once, from torsions and bond angles between anchors whose atoms are stored exactly.

Between two anchors the chain is built forward from the first and backward from the second, and the two are averaged
with weights that fall linearly, so that errors of the quantised angles do not pile up. Every stretch starts anew from
its stored atoms, so all stretches of all chains advance together, one atom per step (the original program goes on from
the averaged atoms of the stretch before; its atoms are up to some hundredths of an angstrom from these).

Each step turns the local frame (x along the last bond, z normal to the last two) by one fixed rotation: the natural
extension reference frame of Parsons et al., J. Comput. Chem. 26, 1063 (2005), with the frame carried along. Coordinates
come first and chains last, so that each operation runs over contiguous numbers.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.protein.readers.foldcomp.residue_geometry import BOND_C_N, BOND_CA_C, BOND_N_CA, BOND_N_CA_AFTER_PROLINE

__all__ = ["Backbone", "place_backbones"]

_LENGTH = np.array([BOND_C_N, BOND_N_CA, BOND_CA_C], np.float32)


class Backbone(NamedTuple):
    """N, CA, C of each residue; how far the forward chain of each stretch misses its anchor, angstrom."""

    position: Float[np.ndarray, "3 residue 3"]
    misfit: Float[np.ndarray, " stretch"]


def place_backbones(
    angle: Float[np.ndarray, "residue 6"],
    is_proline: Bool[np.ndarray, " residue"],
    anchor: Int[np.ndarray, " anchor"],
    anchor_position: Float[np.ndarray, "anchor 3 3"],
    is_stretch: Bool[np.ndarray, " gap"],
) -> Backbone:
    """Return the backbones of packed chains, coordinate first; angles in radian (columns as in `FczEntry`).

    `anchor` holds packed residue indices. `is_stretch[i]` says whether anchors i and i + 1 bound a stretch of one
    chain; each such pair gives one entry of `misfit`. Axes of `position`: coordinate, residue, atom.
    """
    first, last = anchor[:-1][is_stretch], anchor[1:][is_stretch]
    nowhere = 3 * len(angle)  # where atoms beyond the end of a short stretch go
    position = np.zeros((3, nowhere + 1), np.float32)
    misfit = np.zeros(0, np.float32)
    if len(first):
        start, stop = anchor_position[:-1][is_stretch], anchor_position[1:][is_stretch]
        forward, backward = _both_ways(angle, is_proline, first, last, start, stop)
        num_atoms = 3 * (last - first + 1)
        place = np.arange(len(forward))[:, None]
        is_real = place < num_atoms
        weight = (place / num_atoms).astype(np.float32)[:, None]
        ahead = np.where(is_real, 3 * first + place, nowhere)
        back = np.where(is_real, 3 * last + 2 - place, nowhere)
        position[:, ahead] = (forward * (1 - weight)).transpose(1, 0, 2)
        # The atom that is k-th from the end has weight (n - 1 - k) / n.
        weight = ((num_atoms - 1 - place) / num_atoms).astype(np.float32)[:, None]
        position[:, back] += (backward * weight).transpose(1, 0, 2)
        end = num_atoms - 3 + np.arange(3)[:, None]
        miss = forward[end, :, np.arange(len(first))] - stop.transpose(1, 0, 2)
        misfit = np.sqrt((miss * miss).sum(-1)).max(0)
    by_residue = position[:, :nowhere].reshape(3, -1, 3)
    by_residue[:, anchor] = anchor_position.transpose(2, 0, 1)
    return Backbone(by_residue, misfit)


def _both_ways(
    angle: Float[np.ndarray, "residue 6"],
    is_proline: Bool[np.ndarray, " residue"],
    first: Int[np.ndarray, " stretch"],
    last: Int[np.ndarray, " stretch"],
    start: Float[np.ndarray, "stretch 3 3"],
    stop: Float[np.ndarray, "stretch 3 3"],
) -> tuple[Float[np.ndarray, "atom 3 stretch"], Float[np.ndarray, "atom 3 stretch"]]:
    """Return the atoms of each stretch placed forward (from N) and backward (from the last C)."""
    torsion = angle[:, [1, 2, 0]].ravel()  # in the order of placing: N by psi, CA by omega, C by phi
    bend = angle[:, [4, 5, 3]].ravel()
    length = np.tile(_LENGTH, len(angle))
    length[1::3][is_proline] = BOND_N_CA_AFTER_PROLINE
    step = np.arange(3 * int((last - first).max()))[:, None]
    ahead = np.minimum(3 * first + step, len(length) - 1)
    # Step k backward undoes step 3 * last - 1 - k: the same torsion, the bend before it, the bond before that. Steps
    # past the stretch give atoms that are never used; their indices are only kept in range.
    back = 3 * last - 1 - step
    turn = torsion[np.concatenate([ahead, np.maximum(back, 0)], axis=1)]
    fold = bend[np.concatenate([ahead, np.maximum(back - 1, 0)], axis=1)]
    far = np.concatenate([length[ahead], _LENGTH[(back - 2) % 3]], axis=1)
    begin = np.concatenate([start, stop[:, ::-1]]).transpose(1, 2, 0)
    placed = _extend(np.ascontiguousarray(begin), turn, fold, far)
    return placed[..., : len(first)], placed[..., len(first) :]


def _extend(
    begin: Float[np.ndarray, "3 3 chain"],
    torsion: Float[np.ndarray, "step chain"],
    bend: Float[np.ndarray, "step chain"],
    length: Float[np.ndarray, "step chain"],
) -> Float[np.ndarray, "atom 3 chain"]:
    """Return chains of atoms that begin with three given ones, one more per step."""
    sin_turn, cos_turn, sin_bend, cos_bend = np.sin(torsion), np.cos(torsion), np.sin(bend), np.cos(bend)
    x, y, z = _frame(begin)
    path = np.empty((3 + len(torsion), 3, begin.shape[-1]), np.float32)
    path[:3] = begin
    for step in range(len(torsion)):
        across = cos_turn[step] * y + sin_turn[step] * z
        z = cos_turn[step] * z - sin_turn[step] * y
        y = -(sin_bend[step] * x + cos_bend[step] * across)
        x = sin_bend[step] * across - cos_bend[step] * x
        path[step + 3] = x
    path[3:] *= length[:, None]
    np.cumsum(path[2:], axis=0, out=path[2:])
    return path


def _frame(begin: Float[np.ndarray, "3 3 chain"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the frame at the last of three atoms: along the last bond, in the plane, normal to the plane."""
    before, bond = begin[1] - begin[0], begin[2] - begin[1]
    x = bond / np.sqrt((bond * bond).sum(0))
    normal = np.cross(before, x, axis=0)
    z = normal / np.sqrt((normal * normal).sum(0))
    return x, np.cross(z, x, axis=0), z
