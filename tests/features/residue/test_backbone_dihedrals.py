"""Phi, psi and omega of backbones that were built with them."""

import math

import pytest
import torch

from protea.features.residue.backbone_dihedrals import BACKBONE_DIHEDRALS, backbone_dihedrals
from protea.features.structure_view import StructureView
from tests.features.proteins import CA, C, N, angles_of, is_written, random_proteins


def test_the_torsions_that_the_chain_was_built_with(dtype: torch.dtype) -> None:
    dense = random_proteins(20, dtype=dtype)
    angle, is_defined = backbone_dihedrals(StructureView(dense.batch()))
    difference = (angle.T - dense.torsion.to(dtype) + math.pi) % (2 * math.pi) - math.pi
    assert difference[is_defined.T].abs().max() < (1e-4 if dtype == torch.float32 else 1e-9)
    assert (~is_defined).nonzero().tolist() == [[0, 0], [1, 19], [2, 19]]


def test_columns_are_phi_psi_omega_and_omega_belongs_to_the_bond_that_follows() -> None:
    dense = random_proteins(9)
    columns = BACKBONE_DIHEDRALS.compute(StructureView(dense.batch()))
    angles = angles_of(columns)
    assert is_written(columns)[0].tolist() == [False, True, True]
    assert is_written(columns)[8].tolist() == [True, False, False]
    torch.testing.assert_close(angles[0, 2], dense.torsion[0, 2], atol=1e-9, rtol=0)
    torch.testing.assert_close(angles[8, 0], dense.torsion[8, 0], atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        (N, [(3, 1), (3, 2), (4, 0), (4, 1)]),
        (CA, [(3, 2), (4, 0), (4, 1), (4, 2)]),
        (C, [(4, 0), (4, 1), (4, 2), (5, 0)]),
    ],
)
def test_a_missing_atom_takes_the_angles_that_need_it(code: int, lost: list[tuple[int, int]]) -> None:
    dense = random_proteins(9)
    whole, damaged = (
        is_written(BACKBONE_DIHEDRALS.compute(StructureView(d.batch()))) for d in (dense, dense.without((4, code)))
    )
    assert [tuple(place) for place in (whole & ~damaged).nonzero().tolist()] == lost


def test_a_break_takes_psi_and_omega_before_it_and_phi_after_it() -> None:
    dense = random_proteins(9).cut_before(4)
    masked = is_written(BACKBONE_DIHEDRALS.compute(StructureView(dense.batch())))
    assert masked[3:5].tolist() == [[True, False, False], [False, True, True]]
    published = angles_of(BACKBONE_DIHEDRALS.compute(StructureView(dense.batch(), "published")))
    assert bool((published[3:5] != 0).all())


def test_they_reveal_themselves() -> None:
    assert BACKBONE_DIHEDRALS.reveals == {"backbone_dihedrals"}
