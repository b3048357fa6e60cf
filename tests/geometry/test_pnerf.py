"""Placement and rebuild are the exact inverse of measurement; the reference's rebuild on real chains."""

import numpy as np
import pytest
import torch

from protea.errors import ContractError
from protea.geometry.backbone import backbone_internal_coordinates
from protea.geometry.frames import frames_from_three_points
from protea.geometry.pnerf import place_atom, rebuild_backbone, rebuild_chain
from protea.geometry.superposition import rmsd
from protea.geometry.torsions import bond_angle, dihedral
from protea.geometry.vectors import vector_length

PTR = torch.tensor([0, 40, 40, 41, 43, 240])


def random_internal(dtype: torch.dtype, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    length = 1.3 + 0.3 * torch.rand(240, 3, generator=generator, dtype=torch.float64)
    angle = 1.7 + 0.6 * torch.rand(240, 3, generator=generator, dtype=torch.float64)
    torsion = (torch.rand(240, 3, generator=generator, dtype=torch.float64) * 2 - 1) * 3.1
    return length.to(dtype), angle.to(dtype), torsion.to(dtype)


def test_place_atom_has_the_length_angle_and_torsion_asked_for(dtype):
    a, b, c = torch.randn(3, 50, 3, dtype=dtype)
    length, angle, torsion = (x[:50, 0] for x in random_internal(dtype))
    d = place_atom(a, b, c, length, angle, torsion)
    tolerance = {"atol": 2e-5 if dtype == torch.float32 else 1e-12, "rtol": 0}
    torch.testing.assert_close((d - c).norm(dim=-1), length, **tolerance)
    torch.testing.assert_close(bond_angle(b, c, d), angle, **tolerance)
    torch.testing.assert_close(dihedral(a, b, c, d), torsion, **tolerance)


def test_rebuild_then_measure_returns_the_internal_coordinates(dtype):
    length, angle, torsion = random_internal(dtype)
    internal = backbone_internal_coordinates(rebuild_chain(length, angle, torsion, PTR), PTR)
    tolerance = {"atol": 1e-4 if dtype == torch.float32 else 1e-11, "rtol": 0}
    has_next, defined = internal.has_next, internal.is_torsion_defined
    torch.testing.assert_close(internal.bond_length[:, :2], length[:, :2], **tolerance)
    torch.testing.assert_close(internal.bond_length[has_next, 2], length[has_next, 2], **tolerance)
    torch.testing.assert_close(internal.bond_angle[:, 0], angle[:, 0], **tolerance)
    torch.testing.assert_close(internal.bond_angle[has_next, 1:], angle[has_next, 1:], **tolerance)
    torch.testing.assert_close(internal.torsion[defined], torsion[defined], **tolerance)


def test_measure_then_rebuild_in_place_returns_the_coordinates(dtype):
    backbone = rebuild_chain(*random_internal(torch.float64), PTR)
    backbone = (backbone + torch.randn(240, 3, 3, dtype=torch.float64) * 0.1 + 7.0).to(dtype)
    first = backbone[PTR[:-1].clamp(max=239)]
    start = frames_from_three_points(first[:, 2], first[:, 0], first[:, 1])
    rebuilt = rebuild_backbone(backbone_internal_coordinates(backbone, PTR), PTR, start)
    torch.testing.assert_close(rebuilt, backbone, atol=5e-3 if dtype == torch.float32 else 1e-10, rtol=0)


def test_parallel_rebuild_equals_placing_one_atom_after_the_other():
    length, angle, torsion = (x[:6] for x in random_internal(torch.float64))
    atoms = list(rebuild_chain(length, angle, torsion, torch.tensor([0, 1]).mul(6))[0])
    for i in range(5):
        atoms.append(place_atom(*atoms[-3:], length[i, 2], angle[i, 1], torsion[i, 1]))
        atoms.append(place_atom(*atoms[-3:], length[i + 1, 0], angle[i, 2], torsion[i, 2]))
        atoms.append(place_atom(*atoms[-3:], length[i + 1, 1], angle[i + 1, 0], torsion[i + 1, 0]))
    rebuilt = rebuild_chain(length, angle, torsion, torch.tensor([0, 6]))
    torch.testing.assert_close(rebuilt.flatten(0, 1), torch.stack(atoms), atol=1e-12, rtol=0)


def test_packed_equals_single_and_unread_entries_do_not_matter(dtype):
    length, angle, torsion = random_internal(dtype)
    packed = rebuild_chain(length, angle, torsion, PTR)
    ends = PTR[1:] - 1
    for value in (length[:, 2:], angle[:, 1:], torsion[:, 1:]):
        value[ends] = 99.0
    torsion[PTR[:-1].clamp(max=239), 0] = 99.0
    for first, last in ((0, 40), (40, 41), (41, 43), (43, 240)):
        rows = slice(first, last)
        single = rebuild_chain(length[rows], angle[rows], torsion[rows], torch.tensor([0, last - first]))
        torch.testing.assert_close(packed[rows], single, atol=1e-4 if dtype == torch.float32 else 1e-11, rtol=0)


def test_gradient_reaches_every_torsion_that_moves_an_atom():
    length, angle, torsion = (x[:4].clone().requires_grad_() for x in random_internal(torch.float64))
    ptr = torch.tensor([0, 3, 4])
    assert torch.autograd.gradcheck(lambda *x: rebuild_chain(*x, ptr), (length, angle, torsion))


def test_wrong_start_is_refused():
    backbone = torch.randn(2, 3, 3)
    start = frames_from_three_points(*backbone.unbind(1))
    with pytest.raises(ContractError, match="one start frame per protein"):
        rebuild_chain(torch.ones(2, 3), torch.ones(2, 3), torch.ones(2, 3), torch.tensor([0, 2]), start)


def test_reference_rebuild_of_real_chains(shared_goldens):
    folder = shared_goldens / "objectives" / "torsional_noise"
    inputs = np.load(folder / "inputs.npz")
    ptr = torch.from_numpy(inputs["residue_ptr"])
    backbone = torch.from_numpy(inputs["coords"][:, :3]).double()
    internal = backbone_internal_coordinates(backbone, ptr)
    cases = [
        (torch.zeros(1), np.load(folder / "outputs.npz")["coordinates_without_noise"], 1e-2),
        (torch.from_numpy(inputs["noise"]), np.load(folder / "outputs64.npz")["coordinates"], 1e-6),
    ]
    for noise, coordinates, tolerance in cases:
        expected = torch.from_numpy(coordinates).double()
        torsion = internal.torsion + noise
        # The reference puts the N-CA length of residue i on the bond of residue i + 1: copied here, and only here.
        shifted = internal.bond_length.clone()
        shifted[internal.has_previous, 0] = internal.bond_length[internal.has_next, 0]
        # Its first N-CA bond is an ideal one.
        shifted[~internal.has_previous, 0] = vector_length(expected[:, 1] - expected[:, 0])[~internal.has_previous]
        found = rebuild_chain(shifted, internal.bond_angle, torsion, ptr)
        assert rmsd(found.flatten(0, 1), expected.flatten(0, 1), ptr * 3).max() < tolerance
        # With the right lengths the torsions are the same.
        right = rebuild_chain(internal.bond_length, internal.bond_angle, torsion, ptr)
        measured = backbone_internal_coordinates(right, ptr).torsion
        reference = backbone_internal_coordinates(expected, ptr).torsion
        difference = (measured - reference)[internal.is_torsion_defined]
        assert torch.atan2(difference.sin(), difference.cos()).abs().max() < tolerance
    unchanged = rebuild_backbone(internal, ptr)
    assert rmsd(unchanged.flatten(0, 1), backbone.flatten(0, 1), ptr * 3).max() < 1e-9
