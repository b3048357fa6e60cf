"""Chi angles of side chains that were built with them."""

import math

import pytest
import torch

from protea.features.residue.side_chain_torsions import SIDE_CHAIN_TORSIONS, side_chain_torsions
from protea.features.structure_view import StructureView
from protea.geometry.pnerf import place_atom
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM_CODE, CHI_ATOMS
from tests.features.proteins import Dense, is_written, random_proteins

CHI = (-1.1, 2.9, 0.7, -0.2)


def side_chains() -> Dense:
    """One residue of each type, with chi 1-4 as in CHI as far as it has them."""
    dense = random_proteins(20)
    position = dense.position.clone()
    length, angle = torch.tensor([1.5, math.radians(111.0)], dtype=torch.float64)
    for row, letter in enumerate(STANDARD_LETTERS):
        for chi, names in zip(CHI, CHI_ATOMS.get(letter, ()), strict=False):
            *known, last = (ATOM_CODE[name] for name in names.split())
            chi = torch.tensor(chi, dtype=torch.float64)
            position[row, last] = place_atom(*position[row, known], length, angle, chi)
    batch_types = torch.arange(20)
    complete = random_proteins(20).is_resolved.clone().fill_(False)
    complete[:, :36] = True
    return Dense(position, complete, batch_types, dense.residue_ptr, dense.chain_of, dense.torsion)


def test_chi_angles_of_every_residue_type() -> None:
    angle, is_defined = side_chain_torsions(StructureView(side_chains().batch()))
    for row, letter in enumerate(STANDARD_LETTERS):
        number = len(CHI_ATOMS.get(letter, ()))
        assert is_defined[:, row].tolist() == [index < number for index in range(4)], letter
        expected = torch.tensor(CHI[:number], dtype=torch.float64)
        torch.testing.assert_close(angle[:number, row], expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("atom", "chi"), [("CG", [False] * 4), ("CD", [True] + [False] * 3), ("NZ", [True] * 3 + [False])]
)
def test_a_missing_atom_takes_the_angles_that_need_it(atom: str, chi: list[bool]) -> None:
    lysine = STANDARD_LETTERS.index("K")
    view = StructureView(side_chains().without((lysine, ATOM_CODE[atom])).batch())
    assert is_written(SIDE_CHAIN_TORSIONS.compute(view))[lysine].tolist() == chi


def test_an_unknown_residue_has_no_chi_whatever_its_atoms() -> None:
    batch = side_chains().batch()
    view = StructureView(batch.replace(residue_type=torch.full((20,), 20)))
    assert not bool(is_written(SIDE_CHAIN_TORSIONS.compute(view)).any())
    assert SIDE_CHAIN_TORSIONS.reveals == {"side_chain"}
