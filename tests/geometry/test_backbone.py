"""Internal coordinates: the right bond in the right column, nothing across a border."""

import math

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
