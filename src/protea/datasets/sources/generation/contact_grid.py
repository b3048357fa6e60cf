"""A grid of space that says what a new CA would gain at each place: near contacts count, clashes cost.

Looking a candidate up costs one read per residue, however long the chain already is, so thousands of candidates can be
ranked. The grid is coarse: it ranks, and the exact distances decide afterwards. Lengths in angstrom.
"""

import numpy as np
from jaxtyping import Float, Int

__all__ = ["ContactGrid"]

_SPACING = 1.5
_CELLS = 76  # 114 angstrom across
_FULL_CONTACT, _FARTHEST_CONTACT = 7.3, 10.0
_CLASH, _CLASH_COST = 4.6, 10.0  # below this CA distance other atoms mostly touch

_steps = np.arange(-7, 8)
_STENCIL = np.stack(np.meshgrid(_steps, _steps, _steps, indexing="ij"), axis=-1).reshape(-1, 3)
_STENCIL = _STENCIL[(_STENCIL**2).sum(-1) * _SPACING**2 < (_FARTHEST_CONTACT + _SPACING) ** 2]


def _row_of(cell: Int[np.ndarray, "*batch 3"]) -> Int[np.ndarray, "*batch"]:
    x, y, z = (cell[..., axis] + _CELLS // 2 for axis in range(3))
    return (x * _CELLS + y) * _CELLS + z


_STENCIL_ROW = (_STENCIL[:, 0] * _CELLS + _STENCIL[:, 1]) * _CELLS + _STENCIL[:, 2]


class ContactGrid:
    """The sum over placed CA of a contact function of the distance, at cells 1.5 angstrom apart."""

    def __init__(self) -> None:
        self._value = np.zeros(_CELLS**3, dtype=np.float32)

    def add(self, ca: Float[np.ndarray, "residue 3"], sign: float = 1.0) -> None:
        """Place CA atoms (`sign` 1), or take them away again (-1)."""
        cell = np.rint(ca / _SPACING).astype(np.int64)
        # An atom whose surroundings leave the grid (45 angstrom from the middle) is no part of a compact chain.
        is_inside = (np.abs(cell) < _CELLS // 2 - 8).all(-1)
        cell, ca = cell[is_inside], ca[is_inside]
        gap = ((cell * _SPACING - ca)[:, None] + _STENCIL * _SPACING).astype(np.float32)
        squared = np.einsum("rsx,rsx->rs", gap, gap)
        full, farthest = _FULL_CONTACT**2, _FARTHEST_CONTACT**2
        value = np.clip((farthest - squared) / np.float32(farthest - full), 0.0, 1.0)
        value[squared < _CLASH**2] = -_CLASH_COST
        # Cells of one residue's stencil are distinct, those of two residues are not.
        for row, gain in zip(_row_of(cell)[:, None] + _STENCIL_ROW, value, strict=True):
            self._value[row] += sign * gain

    def value(self, ca: Float[np.ndarray, "*batch 3"]) -> Float[np.ndarray, "*batch"]:
        """Return the value at the cell nearest to each point; 0 outside the grid."""
        cell = np.rint(ca * (1.0 / _SPACING)).astype(np.int32)
        np.clip(cell, -_CELLS // 2, _CELLS // 2 - 1, out=cell)
        return self._value[_row_of(cell)]
