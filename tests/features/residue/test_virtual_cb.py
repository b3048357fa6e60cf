"""The ideal CB: a tetrahedron, real side chains, and the two hands of a residue."""

import math
from pathlib import Path

import pytest
import torch

from protea.errors import LeakError
from protea.features.residue.virtual_cb import VIRTUAL_CB
from protea.features.schemes import SchemeConfig
from protea.features.structure_view import StructureView
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import CA, C, N, random_proteins, random_rotation
from tests.features.test_golden import golden_batch

CB = ATOM_CODE["CB"]


def cb_of(dense) -> torch.Tensor:  # type: ignore[no-untyped-def]
    return VIRTUAL_CB.compute(StructureView(dense.batch()))


def test_it_completes_a_tetrahedron() -> None:
    dense = random_proteins(1)
    position = dense.position.clone()
    # Four corners of a cube seen from its centre; N, the side chain and C run clockwise seen from H (L residues).
    position[0, CA] = torch.tensor([2.0, 3.0, 5.0])
    position[0, N] = position[0, CA] + torch.tensor([1.0, 1.0, 1.0])
    position[0, C] = position[0, CA] + 2 * torch.tensor([-1.0, 1.0, -1.0])
    vector = cb_of(dense.with_position(position))[0, 0]
    torch.testing.assert_close(vector, torch.tensor([-1.0, -1.0, 1.0], dtype=torch.float64) / math.sqrt(3))


def test_real_side_chains_point_there(shared_goldens: Path) -> None:
    batch = golden_batch(shared_goldens / "features" / "ca_bb", "float64")
    position, is_resolved = batch.atoms([CA, CB])
    real = torch.nn.functional.normalize(position[:, 1] - position[:, 0], dim=1)
    cosine = (VIRTUAL_CB.compute(StructureView(batch))[:, 0] * real).sum(1)[is_resolved.all(1)]
    assert len(cosine) > 200
    assert float(cosine.median()) > math.cos(math.radians(4.0))
    # A few residues of real structures are badly distorted; the other hand would be 109 degrees away.
    assert float(cosine.quantile(0.05)) > math.cos(math.radians(15.0))
    assert float(cosine.min()) > math.cos(math.radians(45.0))


def test_it_turns_with_the_protein_and_a_mirror_image_has_the_other_hand(dtype: torch.dtype, tolerance: float) -> None:
    dense = random_proteins(9, 4, dtype=dtype)
    rotation = random_rotation(dtype)
    still = cb_of(dense)
    turned = cb_of(dense.with_position(dense.position @ rotation.T + 3.0))
    torch.testing.assert_close(turned, still @ rotation.T, atol=tolerance, rtol=0)
    torch.testing.assert_close(still.norm(dim=-1), torch.ones(13, 1, dtype=dtype), atol=tolerance, rtol=0)
    mirrored = cb_of(dense.with_position(-dense.position))
    assert not VIRTUAL_CB.is_polar
    assert float((mirrored + still).norm(dim=-1).min()) > 1.0


@pytest.mark.parametrize("code", [N, CA, C])
def test_it_is_zero_without_one_of_its_atoms(code: int) -> None:
    vector = cb_of(random_proteins(6).without((2, code)))
    assert (vector.norm(dim=-1)[:, 0] == 0).tolist() == [row == 2 for row in range(6)]


def test_three_atoms_on_a_line_point_nowhere_and_have_finite_gradients() -> None:
    batch = random_proteins(2).batch()
    line = batch.atom_position.clone()
    line[:, 1:] = 0.0
    position = line.requires_grad_()
    vector = VIRTUAL_CB.compute(StructureView(batch.replace(atom_position=position)))
    vector.sum().backward()
    assert torch.equal(vector, torch.zeros_like(vector))
    assert bool(position.grad.isfinite().all())


def test_it_stands_after_the_orientation_and_is_refused_where_dihedrals_are_the_answer() -> None:
    scheme = SchemeConfig(kind="ca_base", orientation=True, virtual_cb=True).build()
    assert [feature.name for feature in scheme.vector_features] == ["orientation", "virtual_cb"]
    with pytest.raises(LeakError, match=r"virtual_cb.*Set virtual_cb to false"):
        scheme.refuse(frozenset({"backbone_dihedrals"}))
