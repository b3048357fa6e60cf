"""Side chains: every atom at its length, angle and torsion; residues do not touch each other."""

import numpy as np
import torch

from protea.geometry.torsions import dihedral
from protea.protein.chemistry import HEAVY_ATOMS
from protea.protein.readers.foldcomp.layout import LETTERS
from protea.protein.readers.foldcomp.residue_geometry import residue_geometry
from protea.protein.readers.foldcomp.side_chains import place_side_chains


def made(code: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    backbone = np.array([[0, 0, 0], [1.46, 0, 0], [2.0, 1.42, 0]]) + rng.normal(size=(len(code), 1, 3)) * 30
    count = residue_geometry().num_slots[code] - 3
    return backbone.transpose(2, 0, 1).astype(np.float32), rng.integers(0, 256, int(count.sum())).astype(np.uint8)


def test_every_atom_has_its_length_and_torsion() -> None:
    code = np.arange(20, dtype=np.uint8)
    backbone, torsion = made(code)
    position, is_there = place_side_chains(code, backbone, torsion)
    table = residue_geometry()
    begin, used = 0, 0
    for kind in range(20):
        size = len(HEAVY_ATOMS[LETTERS[kind]])
        atoms = torch.from_numpy(position[begin : begin + size])
        assert np.array_equal(position[begin : begin + 3], backbone[:, kind].T)
        for slot in range(3, size):
            far, middle, near = atoms[table.parents[slot, :, kind].tolist()]
            length = float(torch.linalg.norm(atoms[slot] - near))
            assert abs(length - np.hypot(table.along[slot, kind], table.aside[slot, kind])) < 1e-4
            turn = float(torch.rad2deg(dihedral(far, middle, near, atoms[slot])))
            wanted = -180 + 360 / 255 * int(torsion[used])
            assert abs((turn - wanted + 180) % 360 - 180) < 0.05
            used += 1
        begin += size
    assert is_there.sum() == begin == len(position)
    assert used == len(torsion)


def test_a_residue_is_the_same_alone() -> None:
    code = np.array([17, 7, 0, 1, 17], np.uint8)
    backbone, torsion = made(code, 1)
    together, _ = place_side_chains(code, backbone, torsion)
    count = residue_geometry().num_slots[code]
    alone = [
        place_side_chains(code[i : i + 1], backbone[:, i : i + 1], torsion[(count - 3)[:i].sum() :][: count[i] - 3])[0]
        for i in range(5)
    ]
    assert np.array_equal(together, np.concatenate(alone))
