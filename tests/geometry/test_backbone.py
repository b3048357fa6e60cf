"""Internal coordinates: the right bond in the right column, nothing across a border."""

import math

import numpy as np
import torch

from protea.geometry.backbone import backbone_internal_coordinates


def test_columns_hold_the_stated_bonds(dtype):
    backbone = torch.randn(4, 3, 3, dtype=dtype) * 3
    internal = backbone_internal_coordinates(backbone, torch.tensor([0, 4]))
    n, ca, c = backbone.unbind(1)
    torch.testing.assert_close(internal.bond_length[:, 0], (n - ca).norm(dim=-1))
    torch.testing.assert_close(internal.bond_length[:, 1], (c - ca).norm(dim=-1))
    torch.testing.assert_close(internal.bond_length[:3, 2], (n[1:] - c[:3]).norm(dim=-1))
    cosine = torch.nn.functional.cosine_similarity(c[:3] - n[1:], ca[1:] - n[1:], dim=-1)
    torch.testing.assert_close(internal.bond_angle[:3, 2].cos(), cosine)
    cosine = torch.nn.functional.cosine_similarity(ca[:3] - c[:3], n[1:] - c[:3], dim=-1)
    torch.testing.assert_close(internal.bond_angle[:3, 1].cos(), cosine)


def test_planar_trans_zigzag_has_torsions_of_half_a_turn(dtype):
    step = torch.arange(9, dtype=dtype)
    zigzag = torch.stack([step, step % 2, torch.zeros_like(step)], -1).view(3, 3, 3)
    internal = backbone_internal_coordinates(zigzag, torch.tensor([0, 3]))
    defined = internal.is_torsion_defined
    assert defined.tolist() == [[False, True, True], [True, True, True], [True, False, False]]
    torch.testing.assert_close(internal.torsion[defined].abs(), torch.full((6,), math.pi, dtype=dtype))
    assert (internal.torsion[~defined] == 0).all()


def test_packed_equals_single_with_empty_and_one_residue_chains(dtype):
    ptr = torch.tensor([0, 5, 5, 6, 13])
    backbone = torch.randn(13, 3, 3, dtype=dtype)
    packed = backbone_internal_coordinates(backbone, ptr)
    for first, last in ((0, 5), (5, 6), (6, 13)):
        single = backbone_internal_coordinates(backbone[first:last], torch.tensor([0, last - first]))
        for name in ("bond_length", "bond_angle", "torsion", "has_previous", "has_next"):
            assert torch.equal(getattr(packed, name)[first:last], getattr(single, name)), name


def test_real_chains_have_the_sign_lengths_and_angles_of_l_peptides(shared_goldens):
    inputs = np.load(shared_goldens / "features" / "ca_bb" / "inputs.npz")
    backbone = torch.from_numpy(inputs["coords"][:, :3])
    internal = backbone_internal_coordinates(backbone, torch.from_numpy(inputs["residue_ptr"]))
    phi = internal.torsion[internal.has_previous, 0]
    assert (phi < 0).float().mean() > 0.85
    omega = internal.torsion[internal.has_next, 2]
    assert (omega.cos() < -0.9).float().mean() > 0.95
    median = internal.bond_length[internal.has_next].median(0).values
    torch.testing.assert_close(median, torch.tensor([1.458, 1.525, 1.329]), atol=0.02, rtol=0)
    median = internal.bond_angle[internal.has_next].median(0).values.rad2deg()
    torch.testing.assert_close(median, torch.tensor([111.0, 117.2, 121.7]), atol=2.0, rtol=0)


def test_torsions_equal_the_reference_features(shared_goldens):
    folder = shared_goldens / "features" / "ca_bb"
    inputs, outputs = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    internal = backbone_internal_coordinates(
        torch.from_numpy(inputs["coords"][:, :3]), torch.from_numpy(inputs["residue_ptr"])
    )
    # The last six of the 49 columns are cosine and sine of phi, psi and omega.
    expected = torch.from_numpy(outputs["x_single"][:, -6:]).view(-1, 3, 2)
    found = torch.stack([internal.torsion.cos(), internal.torsion.sin()], dim=-1)
    defined = torch.from_numpy(outputs["angle_defined"][:, 2:5])
    assert torch.equal(defined, internal.is_torsion_defined)
    torch.testing.assert_close(found[defined], expected[defined], atol=2e-4, rtol=0)
