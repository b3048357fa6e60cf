"""The table: every heavy atom once, hung on atoms that come before it, at lengths and angles of chemistry."""

import numpy as np

from protea.protein.chemistry import ATOM37, HEAVY_ATOMS
from protea.protein.readers.foldcomp.layout import LETTERS
from protea.protein.readers.foldcomp.residue_geometry import NUM_SLOTS, residue_geometry


def test_every_atom_hangs_on_three_others_before_it() -> None:
    table = residue_geometry()
    for code, letter in enumerate(LETTERS):
        names = HEAVY_ATOMS[letter]
        assert table.num_slots[code] == len(names)
        assert tuple(ATOM37[item] for item in table.atom_code[code, : len(names)]) == names
        for slot in range(3, len(names)):
            parents = table.parents[slot, :, code].tolist()
            assert len(set(parents)) == 3
            assert max(parents) < slot
    assert max(len(names) for names in HEAVY_ATOMS.values()) == NUM_SLOTS


def test_well_known_entries() -> None:
    table = residue_geometry()
    parents = lambda letter, atom: [  # noqa: E731
        HEAVY_ATOMS[letter][item] for item in table.parents[HEAVY_ATOMS[letter].index(atom), :, LETTERS.index(letter)]
    ]
    assert parents("A", "O") == ["N", "CA", "C"]
    assert parents("A", "CB") == ["O", "C", "CA"]
    assert parents("K", "CG") == ["N", "CA", "CB"]
    assert parents("W", "CH2") == ["CD2", "CE2", "CZ2"]
    assert parents("Y", "OH") == ["CD1", "CE1", "CZ"]


def test_lengths_and_angles_are_those_of_bonds() -> None:
    table = residue_geometry()
    for code, letter in enumerate(LETTERS):
        slot = np.arange(3, len(HEAVY_ATOMS[letter]))
        length = np.hypot(table.along[slot, code], table.aside[slot, code])
        angle = np.degrees(np.arctan2(table.aside[slot, code], -table.along[slot, code]))
        assert ((length > 1.2) & (length < 1.85)).all()
        assert ((angle > 100) & (angle < 135)).all()
