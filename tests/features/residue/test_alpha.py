"""The dihedral of four CA, on traces built with a known dihedral."""

import math

import pytest
import torch

from protea.features.residue.alpha import ALPHA
from protea.features.structure_view import StructureView
from protea.geometry.pnerf import place_atom
from tests.features.proteins import CA, angles_of, ca_trace, is_written, random_proteins


def trace_with_dihedrals(*dihedrals: float) -> torch.Tensor:
    points = [torch.tensor(point, dtype=torch.float64) for point in ([0.0, 3.8, 0], [0.0, 0, 0], [3.8, 0, 0])]
    length, angle = torch.tensor([3.8, math.radians(100.0)], dtype=torch.float64)
    for dihedral in dihedrals:
        points.append(place_atom(*points[-3:], length, angle, torch.tensor(dihedral, dtype=torch.float64)))
    return torch.stack(points)


def test_it_stands_with_the_second_of_its_four_residues() -> None:
    dihedrals = (0.9, -1.3, 3.0, 0.05)
    columns = ALPHA.compute(StructureView(ca_trace(trace_with_dihedrals(*dihedrals)).batch()))
    expected = torch.tensor(dihedrals, dtype=torch.float64)
    torch.testing.assert_close(angles_of(columns)[1:5, 0], expected, atol=1e-9, rtol=0)
    assert is_written(columns)[:, 0].tolist() == [False, True, True, True, True, False, False]


def test_a_missing_ca_takes_the_four_angles_that_need_it() -> None:
    columns = ALPHA.compute(StructureView(random_proteins(12).without((6, CA)).batch()))
    assert (~is_written(columns)[:, 0]).nonzero()[:, 0].tolist() == [0, 4, 5, 6, 7, 10, 11]


@pytest.mark.parametrize("undefined", ["masked", "published"])
def test_another_chain_takes_the_three_angles_across_its_border(undefined: str) -> None:
    batch = random_proteins(12).batch()
    batch = batch.replace(chain_of=(torch.arange(12) >= 6).long())
    angles = angles_of(ALPHA.compute(StructureView(batch, undefined)))
    lost = [0, 4, 5, 6, 10, 11] if undefined == "masked" else [0, 10, 11]
    assert (angles[:, 0] == 0).nonzero()[:, 0].tolist() == lost


def test_four_ca_on_a_line_have_no_dihedral() -> None:
    line = torch.arange(6, dtype=torch.float64)[:, None] * torch.tensor([3.8, 0.0, 0.0])
    assert not bool(is_written(ALPHA.compute(StructureView(ca_trace(line).batch()))).any())
