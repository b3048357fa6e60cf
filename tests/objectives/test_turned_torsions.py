"""Turned torsions: by the stated angle and nothing else; never across a break, a missing atom or a protein border."""

import math
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor

from protea.features.residue.backbone_dihedrals import backbone_dihedrals
from protea.features.residue.side_chain_torsions import side_chain_torsions
from protea.features.structure_view import StructureView
from protea.geometry.backbone import backbone_internal_coordinates
from protea.geometry.torsions import bond_angle, dihedral
from protea.geometry.vectors import vector_length
from protea.objectives.turned_torsions import backbone_stretches, turned_backbone, turned_batch
from protea.protein.batch import ProteinBatch, pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.read import read_structure_bytes
from tests.features.proteins import random_proteins, random_rotation

# Float32 positions some 100 angstrom from the origin keep five decimals.
BOUND = {torch.float32: 2e-4, torch.float64: 1e-9}


def turned(batch: ProteinBatch, scale: float = 0.3, seed: int = 1) -> tuple[ProteinBatch, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    turn = scale * torch.randn(batch.num_residues, 3, generator=draw, dtype=torch.float64)
    return turned_batch(batch, turn), turn


def torsions(batch: ProteinBatch) -> tuple[Tensor, Tensor]:
    angle, is_defined = backbone_dihedrals(StructureView(batch))
    return angle.T, is_defined.T


def between(a: Tensor, b: Tensor) -> Tensor:
    """The angle from a to b, the shorter way round."""
    return torch.atan2((b - a).sin(), (b - a).cos())


def test_no_turn_gives_the_same_coordinates(dtype: torch.dtype) -> None:
    batch = random_proteins(40, 1, 25, dtype=dtype).batch()
    same = turned_batch(batch, torch.zeros(66, 3))
    assert float((same.atom_position - batch.atom_position).abs().max()) < BOUND[dtype]


def test_torsions_after_are_torsions_before_plus_the_turn(dtype: torch.dtype) -> None:
    batch = random_proteins(30, 12, dtype=dtype).batch()
    after, turn = turned(batch)
    (old, is_defined), (new, is_still) = torsions(batch), torsions(after)
    assert torch.equal(is_defined, is_still)
    assert int(is_defined.sum()) == 3 * 42 - 3 * 2
    assert float(between(old + turn, new)[is_defined].abs().max()) < BOUND[dtype]


def test_all_bond_lengths_and_angles_stay_those_of_their_own_residue(dtype: torch.dtype) -> None:
    # The published rebuild uses the N-CA length of residue i for residue i + 1.
    proteins = random_proteins(30, 12)
    position = proteins.position.clone()
    draw = torch.Generator().manual_seed(2)
    position[:, :3] += 0.05 * torch.randn(42, 3, 3, generator=draw, dtype=torch.float64)
    batch = proteins.with_position(position.to(dtype)).batch()
    before, after = (
        backbone_internal_coordinates(item.backbone()[0][:, :3], batch.residue_ptr)
        for item in (batch, turned(batch)[0])
    )
    assert float(before.bond_length[:, 0].std()) > 0.01
    for name in ("bond_length", "bond_angle"):
        assert float((getattr(after, name) - getattr(before, name)).abs().max()) < BOUND[dtype], name


def test_side_chains_go_along_rigidly(dtype: torch.dtype) -> None:
    # The published rebuild drops them.
    batch = random_proteins(25, dtype=dtype).batch()
    after, _ = turned(batch)
    assert torch.equal(after.atom_code, batch.atom_code)
    assert torch.equal(after.atom_ptr, batch.atom_ptr)
    (old, has_chi), (new, still) = (side_chain_torsions(StructureView(item)) for item in (batch, after))
    assert torch.equal(has_chi, still)
    assert float(between(old, new)[has_chi].abs().max()) < 5 * BOUND[dtype]
    is_rigid = (batch.atom_code != ATOM_CODE["O"])[:, None] & (batch.atom_code != ATOM_CODE["O"])
    same = batch.residue_of_atom()[:, None] == batch.residue_of_atom()
    distance = [vector_length(item.atom_position[:, None] - item.atom_position) for item in (batch, after)]
    assert float((distance[1] - distance[0])[same & is_rigid].abs().max()) < BOUND[dtype]
    assert float((distance[1] - distance[0]).abs().max()) > 1.0


def test_the_oxygen_turns_with_the_peptide_plane() -> None:
    batch = random_proteins(25).batch()
    after, turn = turned(batch)

    def geometry(item: ProteinBatch) -> tuple[Tensor, Tensor, Tensor]:
        n, ca, c, o = item.backbone()[0].unbind(1)
        to_next = dihedral(o, ca, c, n.roll(-1, 0))[:-1]
        return to_next, bond_angle(o, c, n.roll(-1, 0))[:-1], dihedral(n, ca, c, o)

    old, new = geometry(batch), geometry(after)
    assert float(between(old[0], new[0]).abs().max()) < 1e-9  # its place in the peptide plane
    assert float((old[1] - new[1]).abs().max()) < 1e-9
    assert float(between(old[2] + turn[:, 1], new[2])[:-1].abs().max()) < 1e-9
    assert abs(float(between(old[2], new[2])[-1])) < 1e-9  # psi of the last residue is not turned


def test_the_first_residue_stays_and_the_rest_turns_with_the_protein() -> None:
    batch = random_proteins(20).batch()
    after, turn = turned(batch)
    first = int(batch.atom_ptr[1])
    is_oxygen = batch.atom_code[:first] == ATOM_CODE["O"]
    moved = (after.atom_position - batch.atom_position)[:first].abs().amax(1)
    assert float(moved[~is_oxygen].max()) < 1e-10
    rotation = random_rotation(torch.float64)
    elsewhere = batch.replace(atom_position=batch.atom_position @ rotation.T + 7.0)
    expected = after.atom_position @ rotation.T + 7.0
    assert torch.allclose(turned_batch(elsewhere, turn).atom_position, expected, atol=1e-9)


def test_nothing_turns_across_a_chain_break() -> None:
    batch = random_proteins(20).cut_before(8).batch()
    after, turn = turned(batch)
    is_defined = backbone_stretches(batch).is_torsion_defined(20)
    assert not is_defined[7, 1:].any()
    assert not is_defined[8, 0]
    assert int(is_defined.sum()) == 60 - 6
    # The second stretch starts where it was, whatever the first one did.
    start = int(batch.atom_ptr[8])
    assert float((after.atom_position - batch.atom_position)[start : start + 3].abs().max()) < 1e-10
    other = turn.clone()
    other[:8] = 0.0
    assert torch.allclose(turned_batch(batch, other).atom_position[start:], after.atom_position[start:], atol=1e-10)


@pytest.mark.parametrize("atom", ["N", "CA", "C"])
def test_a_residue_with_a_missing_backbone_atom_is_left_alone_and_ends_a_stretch(atom: str) -> None:
    batch = random_proteins(12).without((5, ATOM_CODE[atom])).batch()
    after, _ = turned(batch)
    atoms = slice(int(batch.atom_ptr[5]), int(batch.atom_ptr[6]))
    assert torch.equal(after.atom_position[atoms], batch.atom_position[atoms])
    is_defined = backbone_stretches(batch).is_torsion_defined(12)
    assert not is_defined[5].any()
    assert not is_defined[4, 1:].any()
    assert not is_defined[6, 0]
    assert int(is_defined.sum()) == 36 - 3 - 6


def test_two_chains_of_a_protein_are_not_joined() -> None:
    proteins = random_proteins(10)
    chain_of = torch.tensor([0] * 4 + [1] * 6)
    batch = proteins.batch().replace(chain_of=chain_of)
    assert backbone_stretches(batch).ptr.tolist() == [0, 4, 10]
    assert backbone_stretches(proteins.batch()).ptr.tolist() == [0, 10]


def test_a_protein_alone_and_in_a_batch_is_turned_alike() -> None:
    batch = random_proteins(9, 1, 6).batch()
    after, turn = turned(batch)
    alone = [turned_batch(one, part) for one, part in zip(batch.unpack(), turn.split([9, 1, 6]), strict=True)]
    assert torch.allclose(after.atom_position, torch.cat([one.atom_position for one in alone]), atol=1e-12)


def test_a_batch_without_any_backbone_is_unchanged() -> None:
    batch = random_proteins(3).without(*((row, ATOM_CODE["CA"]) for row in range(3))).batch()
    assert torch.equal(turned(batch)[0].atom_position, batch.atom_position)
    empty = batch.select([])
    assert turned_batch(empty, torch.zeros(0, 3)).num_residues == 0


def test_turning_back_restores_the_backbone() -> None:
    proteins = random_proteins(15, 8)
    draw = torch.Generator().manual_seed(0)
    turn = torch.randn(23, 3, generator=draw, dtype=torch.float64)
    backbone = proteins.position[:, :3]
    there = turned_backbone(backbone, proteins.residue_ptr, turn)
    assert float((there - backbone).abs().max()) > 1.0
    assert torch.allclose(turned_backbone(there, proteins.residue_ptr, -turn), backbone, atol=1e-9)


def test_half_a_turn_of_psi_mirrors_the_next_residue_through_the_axis() -> None:
    batch = random_proteins(2).batch()
    turn = torch.zeros(2, 3, dtype=torch.float64)
    turn[0, 1] = math.pi
    _, ca, c, _ = batch.backbone()[0][0].unbind(0)
    axis = (c - ca) / (c - ca).norm()
    old, new = (item.backbone()[0][1, 0] - c for item in (batch, turned_batch(batch, turn)))
    assert torch.allclose(new, 2 * (old @ axis) * axis - old, atol=1e-10)


def test_real_structures_keep_their_bonds(shared_data: Path) -> None:
    with zipfile.ZipFile(shared_data / "structures" / "formats.zip") as archive:
        names = ("biojava/5pti.pdb", "biojava/2gox.pdb", "biotite/1aki.pdb")
        batch = pack([read_structure_bytes(name, archive.read(name)) for name in names]).to(torch.float64)
    after, turn = turned(batch, scale=0.1)
    (old, is_defined), (new, _) = torsions(batch), torsions(after)
    is_turned = backbone_stretches(batch).is_torsion_defined(batch.num_residues)
    assert int(is_turned.sum()) > 2 * batch.num_residues
    assert not (is_turned & ~is_defined).any()
    assert float(between(old + turn, new)[is_turned].abs().max()) < 1e-9
