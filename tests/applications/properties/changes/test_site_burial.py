"""Burial counted by hand, and laid on the wild type's sequence."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.changes.site_burial import burial_of_examples, neighbour_burial
from tests.applications.properties.made_changes import change

LINE = "ATOM  {0:>5}  CA  {1} A{0:>4}    {2:>8.3f}   0.000   0.000  1.00  0.00           C  \n"
NAME_OF = {"A": "ALA", "C": "CYS", "D": "ASP", "E": "GLU", "F": "PHE"}


def write_pdb(path: Path, letters: str) -> None:
    """CA atoms on a line, 3.8 angstrom apart: each has at most two neighbours to either side within 10."""
    atoms = [LINE.format(place + 1, NAME_OF[letter], 3.8 * place) for place, letter in enumerate(letters)]
    path.write_text("".join(atoms) + "END\n")


def test_neighbours_of_a_line_by_hand() -> None:
    position = np.stack([3.8 * np.arange(5), np.zeros(5), np.zeros(5)], axis=1)
    assert neighbour_burial(position).tolist() == [(n - 17) / 8 for n in (2, 3, 4, 3, 2)]


def test_a_part_of_the_chain_is_laid_where_it_stands(tmp_path: Path) -> None:
    write_pdb(tmp_path / "1abc.pdb", "CDEF")
    asked = [("1ABC", "AACDEFA", "A1C"), ("1ABC", "DE", "D1A"), ("2XYZ", "AACDEFA", "A1C"), ("1ABC", "AADDEFA", "D3A")]
    examples = [change(f"{entry}:{name}", sequence, name) for entry, sequence, name in asked]
    whole, part, absent, other = burial_of_examples(examples, [tmp_path])
    inside = [(n - 17) / 8 for n in (2, 3, 3, 2)]
    assert whole is not None
    assert whole.tolist() == pytest.approx([0, 0, *inside, 0])
    assert part is not None
    assert part.tolist() == pytest.approx(inside[1:3])
    assert absent is None
    assert other is None
    assert burial_of_examples(examples, []) == [None] * 4
