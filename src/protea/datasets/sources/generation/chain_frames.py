"""A chain as a product of rigid steps: residue frames from torsions, with ideal bond lengths and angles (NeRF).

A residue frame has its origin at CA, x towards C, N in the x-y plane with positive y. In it N, CA, C and CB are
constants; only O turns with psi. The step from one frame to the next depends on psi, omega and the next phi alone
(Parsons et al. 2005), so that a segment is built once and moved as a whole, and many candidate loops are built side by
side. Angles in radian, lengths in angstrom, float64; a frame is a rotation [3, 3] (columns are its axes) and an origin.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from protea.protein.chemistry import (
    BOND_ANGLE_C_N_CA,
    BOND_ANGLE_CA_C_N,
    BOND_ANGLE_N_CA_C,
    BOND_C_N,
    BOND_CA_C,
    BOND_N_CA,
)

__all__ = [
    "ATOM_NAMES",
    "CB_OF_FRAME",
    "Frames",
    "atoms_of",
    "chain_of_steps",
    "compose",
    "from_n",
    "place_atom",
    "steps",
    "to_next_n",
]

ATOM_NAMES = ("N", "CA", "C", "O", "CB")

_BOND_C_O, _ANGLE_CA_C_O = 1.231, math.radians(120.1)
# C-beta of an L residue: bond, angle N-CA-CB and dihedral C-N-CA-CB after Engh and Huber (1991).
_BOND_CA_CB, _ANGLE_N_CA_CB, _DIHEDRAL_CB = 1.53, math.radians(110.5), math.radians(-122.6)


class Frames(NamedTuple):
    """Rigid frames: `rotation` maps frame to space, `origin` is the CA position."""

    rotation: Float[np.ndarray, "*batch 3 3"]
    origin: Float[np.ndarray, "*batch 3"]


def place_atom(
    a: Float[np.ndarray, "*#batch 3"],
    b: Float[np.ndarray, "*#batch 3"],
    c: Float[np.ndarray, "*#batch 3"],
    bond: float,
    angle: float,
    dihedral: Float[np.ndarray, "*#batch"],
) -> Float[np.ndarray, "*batch 3"]:
    """Return the atom at `bond` from c, with the angle b-c-d and the dihedral a-b-c-d (IUPAC sign)."""
    axis = _unit(c - b)
    normal = _unit(np.cross(b - a, axis))
    in_plane = np.cross(normal, axis)
    turn = np.asarray(dihedral)[..., None]
    side = math.sin(angle) * (np.cos(turn) * in_plane + np.sin(turn) * normal)
    return c + bond * (side - math.cos(angle) * axis)


def _unit(vector: Float[np.ndarray, "*batch 3"]) -> Float[np.ndarray, "*batch 3"]:
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


_N = BOND_N_CA * np.array([math.cos(BOND_ANGLE_N_CA_C), math.sin(BOND_ANGLE_N_CA_C), 0.0])
_CA = np.zeros(3)
_C = BOND_CA_C * np.array([1.0, 0.0, 0.0])
CB_OF_FRAME = place_atom(_C, _N, _CA, _BOND_CA_CB, _ANGLE_N_CA_CB, np.array(_DIHEDRAL_CB))


def steps(
    psi: Float[np.ndarray, "*#batch"], omega: Float[np.ndarray, "*#batch"], next_phi: Float[np.ndarray, "*#batch"]
) -> Frames:
    """Return the next residue's frame in the frame of the residue before it."""
    return compose(to_next_n(psi), from_n(omega, next_phi))


def to_next_n(psi: Float[np.ndarray, "*batch"]) -> Frames:
    """Return the first half of a step: the frame at the next N (x along C-N), in the frame of the residue."""
    turn = _bond_turn(psi, BOND_ANGLE_CA_C_N)
    return Frames(turn, _C + BOND_C_N * turn[..., 0])


def from_n(omega: Float[np.ndarray, "*#batch"], phi: Float[np.ndarray, "*#batch"]) -> Frames:
    """Return the second half of a step: the residue's frame in the frame at its N."""
    turn = _bond_turn(omega, BOND_ANGLE_C_N_CA)
    return Frames(turn @ _bond_turn(phi, BOND_ANGLE_N_CA_C), BOND_N_CA * turn[..., 0])


def _bond_turn(dihedral: Float[np.ndarray, "*batch"], angle: float) -> Float[np.ndarray, "*batch 3 3"]:
    """Return the rotation that turns x from one bond into the next: by the dihedral about x, then the bond angle."""
    cosine, sine = np.cos(dihedral), np.sin(dihedral)
    bend_cosine, bend_sine = -math.cos(angle), math.sin(angle)
    rotation = np.zeros((*np.shape(dihedral), 3, 3))
    rotation[..., 0, 0] = bend_cosine
    rotation[..., 0, 1] = -bend_sine
    rotation[..., 1, 0] = bend_sine * cosine
    rotation[..., 1, 1] = bend_cosine * cosine
    rotation[..., 1, 2] = -sine
    rotation[..., 2, 0] = bend_sine * sine
    rotation[..., 2, 1] = bend_cosine * sine
    rotation[..., 2, 2] = cosine
    return rotation


def compose(outer: Frames, inner: Frames) -> Frames:
    """Return `inner`, given in the frame `outer`, in the space of `outer`; leading axes broadcast."""
    origin = (outer.rotation @ inner.origin[..., None])[..., 0] + outer.origin
    return Frames(outer.rotation @ inner.rotation, origin)


def chain_of_steps(step: Frames) -> Frames:
    """Return the running product of steps along axis -2 of the origin (residues), the first step included."""
    frame = Frames(step.rotation[..., 0, :, :], step.origin[..., 0, :])
    rotations, origins = [frame.rotation], [frame.origin]
    for index in range(1, step.origin.shape[-2]):
        frame = compose(frame, Frames(step.rotation[..., index, :, :], step.origin[..., index, :]))
        rotations.append(frame.rotation)
        origins.append(frame.origin)
    return Frames(np.stack(rotations, axis=-3), np.stack(origins, axis=-2))


def atoms_of(frames: Frames, psi: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch 5 3"]:
    """Return N, CA, C, O and the ideal CB of each residue, angstrom."""
    # O is where the next N would be with psi half a turn on.
    along, across = -math.cos(_ANGLE_CA_C_O), -math.sin(_ANGLE_CA_C_O)
    direction = np.stack([np.full(np.shape(psi), along), across * np.cos(psi), across * np.sin(psi)], axis=-1)
    o = _C + _BOND_C_O * direction
    fixed = np.broadcast_to(np.stack([_N, _CA, _C, CB_OF_FRAME]), (*o.shape[:-1], 4, 3))
    local = np.concatenate([fixed[..., :3, :], o[..., None, :], fixed[..., 3:, :]], axis=-2)
    return local @ np.swapaxes(frames.rotation, -1, -2) + frames.origin[..., None, :]
