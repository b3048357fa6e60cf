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

__all__ = ["ATOM_NAMES", "CB_OF_FRAME", "Frames", "atoms_of", "chain_of_steps", "compose", "place_atom", "steps"]

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
    turn_psi = _bond_turn(psi, BOND_ANGLE_CA_C_N)
    turn_omega = turn_psi @ _bond_turn(omega, BOND_ANGLE_C_N_CA)
    rotation = turn_omega @ _bond_turn(next_phi, BOND_ANGLE_N_CA_C)
    # Each turn leaves x along the bond that follows it: C-N, N-CA, CA-C.
    origin = _C + BOND_C_N * turn_psi[..., 0] + BOND_N_CA * turn_omega[..., 0]
    return Frames(rotation, origin)


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
    o = place_atom(_N, _CA, _C, _BOND_C_O, _ANGLE_CA_C_O, psi + math.pi)
    fixed = np.broadcast_to(np.stack([_N, _CA, _C, CB_OF_FRAME]), (*o.shape[:-1], 4, 3))
    local = np.concatenate([fixed[..., :3, :], o[..., None, :], fixed[..., 3:, :]], axis=-2)
    return local @ np.swapaxes(frames.rotation, -1, -2) + frames.origin[..., None, :]
