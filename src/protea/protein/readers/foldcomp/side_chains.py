"""O, CB and the further atoms of many residues at once, from one quantised torsion per atom."""

import numpy as np
from jaxtyping import Bool, Float, UInt8

from protea.protein.readers.foldcomp.residue_geometry import NUM_SLOTS, residue_geometry

__all__ = ["place_side_chains"]

_TORSION = np.radians(-180.0 + (360.0 / 255.0) * np.arange(256))
_SINE, _COSINE = np.sin(_TORSION).astype(np.float32), np.cos(_TORSION).astype(np.float32)


def place_side_chains(
    code: UInt8[np.ndarray, " residue"],
    backbone: Float[np.ndarray, "3 residue 3"],
    torsion: UInt8[np.ndarray, " torsion"],
) -> tuple[Float[np.ndarray, "atom 3"], Bool[np.ndarray, "residue slot"]]:
    """Return all atoms, residue by residue, and which slots there are.

    `backbone` has the coordinate first and N, CA, C last. Torsions are 255ths of a turn from -180 degrees, residue by
    residue, O first.
    """
    geometry = residue_geometry()
    size = len(code)
    count = geometry.num_slots[code]
    offset = np.cumsum(count - 3) - count
    # Coordinate first, then slot by slot; an atom is found at slot * size + residue.
    position = np.zeros((3, NUM_SLOTS * size), np.float32)
    position[:, : 3 * size] = backbone.transpose(0, 2, 1).reshape(3, -1)
    for slot in range(3, NUM_SLOTS):
        row = np.flatnonzero(count > slot)
        if not len(row):
            break
        kind = code[row]
        parents = geometry.parents[slot, :, kind].T * size + row
        far, middle, near = (np.take(position, parents[index], axis=1) for index in range(3))
        turn = torsion[offset[row] + slot]
        local = (geometry.along[slot, kind], geometry.aside[slot, kind] * _COSINE[turn],
                 geometry.aside[slot, kind] * _SINE[turn])  # fmt: skip
        position[:, slot * size + row] = _placed(far, middle, near, local)
    is_there = np.arange(NUM_SLOTS) < count[:, None]
    residue, place = np.nonzero(is_there)
    return np.ascontiguousarray(np.take(position, place * size + residue, axis=1).T), is_there


def _placed(
    far: Float[np.ndarray, "3 atom"],
    middle: Float[np.ndarray, "3 atom"],
    near: Float[np.ndarray, "3 atom"],
    local: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Float[np.ndarray, "3 atom"]:
    """Return atoms by their coordinates along the bond middle-near, in the plane of the three, and normal to it."""
    bond = near - middle
    x = bond / np.sqrt(np.einsum("ij,ij->j", bond, bond))
    normal = _cross(middle - far, x)
    z = normal / np.sqrt(np.einsum("ij,ij->j", normal, normal))
    return near + local[0] * x + local[1] * _cross(z, x) + local[2] * z


def _cross(a: Float[np.ndarray, "3 atom"], b: Float[np.ndarray, "3 atom"]) -> Float[np.ndarray, "3 atom"]:
    """Return cross products; `np.cross` is several times slower here."""
    found = np.empty_like(a)
    for index in range(3):
        after, last = (index + 1) % 3, (index + 2) % 3
        found[index] = a[after] * b[last] - a[last] * b[after]
    return found
