import math

import numpy as np
import pytest
import torch

from protea.datasets.sources.generation.chain_frames import (
    ATOM_NAMES,
    CB_OF_FRAME,
    Frames,
    atoms_of,
    chain_of_steps,
    compose,
    place_atom,
    steps,
)
from protea.geometry.pnerf import rebuild_chain
from protea.geometry.torsions import bond_angle, dihedral
from protea.protein.chemistry import (
    BOND_ANGLE_C_N_CA,
    BOND_ANGLE_CA_C_N,
    BOND_ANGLE_N_CA_C,
    BOND_C_N,
    BOND_CA_C,
    BOND_N_CA,
)

N, CA, C, OXYGEN, CB = range(5)


@pytest.fixture
def torsion() -> np.ndarray:
    return np.random.default_rng(0).uniform(-math.pi, math.pi, (40, 3))


@pytest.fixture
def atoms(torsion: np.ndarray) -> torch.Tensor:
    frames = chain_of_steps(steps(torsion[:-1, 1], torsion[:-1, 2], torsion[1:, 0]))
    return torch.from_numpy(atoms_of(frames, torsion[1:, 1]))


def test_torsions_come_back(torsion: np.ndarray, atoms: torch.Tensor) -> None:
    first, second = atoms[:-1], atoms[1:]
    phi = dihedral(first[:, C], second[:, N], second[:, CA], second[:, C])
    psi = dihedral(first[:, N], first[:, CA], first[:, C], second[:, N])
    omega = dihedral(first[:, CA], first[:, C], second[:, N], second[:, CA])
    np.testing.assert_allclose(phi, torsion[2:, 0], atol=1e-9)
    np.testing.assert_allclose(psi, torsion[1:-1, 1], atol=1e-9)
    np.testing.assert_allclose(omega, torsion[1:-1, 2], atol=1e-9)


def test_bonds_and_angles_are_ideal(atoms: torch.Tensor) -> None:
    first, second = atoms[:-1], atoms[1:]
    for a, b, length in (
        (atoms[:, N], atoms[:, CA], BOND_N_CA),
        (atoms[:, CA], atoms[:, C], BOND_CA_C),
        (first[:, C], second[:, N], BOND_C_N),
        (atoms[:, C], atoms[:, OXYGEN], 1.231),
        (atoms[:, CA], atoms[:, CB], 1.53),
    ):
        np.testing.assert_allclose((a - b).norm(dim=-1), length, atol=1e-9)
    np.testing.assert_allclose(bond_angle(atoms[:, N], atoms[:, CA], atoms[:, C]), BOND_ANGLE_N_CA_C, atol=1e-9)
    np.testing.assert_allclose(bond_angle(first[:, CA], first[:, C], second[:, N]), BOND_ANGLE_CA_C_N, atol=1e-9)
    np.testing.assert_allclose(bond_angle(first[:, C], second[:, N], second[:, CA]), BOND_ANGLE_C_N_CA, atol=1e-9)


def test_chain_equals_the_parallel_builder_of_geometry(torsion: np.ndarray, atoms: torch.Tensor) -> None:
    count = len(atoms)
    ones = torch.ones(count, dtype=torch.float64)
    lengths = torch.stack([ones * BOND_N_CA, ones * BOND_CA_C, ones * BOND_C_N], dim=-1)
    angles = torch.stack([ones * BOND_ANGLE_N_CA_C, ones * BOND_ANGLE_CA_C_N, ones * BOND_ANGLE_C_N_CA], dim=-1)
    other = rebuild_chain(lengths, angles, torch.from_numpy(torsion[1:]), torch.tensor([0, count]))
    ours, theirs = (x[:, :3].reshape(-1, 3) for x in (atoms, other))
    np.testing.assert_allclose(torch.cdist(ours, ours), torch.cdist(theirs, theirs), atol=1e-6)
    hand = [dihedral(x[1, N], x[1, CA], x[1, C], x[2, N]).item() for x in (atoms, other)]
    assert hand[0] == pytest.approx(hand[1], abs=1e-9)  # equal distances alone would allow the mirror image


def test_oxygen_is_opposite_to_the_next_nitrogen_and_cb_is_that_of_an_l_residue(atoms: torch.Tensor) -> None:
    first, second = atoms[:-1], atoms[1:]
    planar = dihedral(first[:, OXYGEN], first[:, C], second[:, N], second[:, CA]) - dihedral(
        first[:, CA], first[:, C], second[:, N], second[:, CA]
    )
    np.testing.assert_allclose(torch.cos(planar), -1.0, atol=1e-3)
    # The CORN rule: seen from H, the order CO, R, N is clockwise; as a triple product of N, C, CB it is positive.
    triple = torch.linalg.cross(atoms[:, N] - atoms[:, CA], atoms[:, C] - atoms[:, CA])
    assert ((triple * (atoms[:, CB] - atoms[:, CA])).sum(-1) > 0).all()
    np.testing.assert_allclose(np.linalg.norm(CB_OF_FRAME), 1.53)
    assert ATOM_NAMES[CB] == "CB"


def test_alpha_helix_rises_and_turns_as_in_the_textbook() -> None:
    angle = np.radians(np.tile([-57.8, -47.0, 180.0], (38, 1)))
    ca = chain_of_steps(steps(angle[:-1, 1], angle[:-1, 2], angle[1:, 0])).origin
    # 3.6 residues per turn and 1.5 angstrom per residue; ideal angles give a little more rise.
    assert np.linalg.norm(ca[36] - ca[0]) / 36 == pytest.approx(1.5, abs=0.12)
    middle = torch.from_numpy(ca)
    turn = dihedral(middle[:-3], middle[1:-2], middle[2:-1], middle[3:])
    assert np.degrees(turn.mean().item()) == pytest.approx(50, abs=3)  # right-handed


def test_place_atom_measures_back() -> None:
    rng = np.random.default_rng(4)
    a, b, c = rng.normal(size=(3, 20, 3))
    angle = rng.uniform(-3, 3, 20)
    d = place_atom(a, b, c, 1.4, 2.0, angle)
    a, b, c, d = (torch.from_numpy(x) for x in (a, b, c, d))
    np.testing.assert_allclose((d - c).norm(dim=-1), 1.4, atol=1e-12)
    np.testing.assert_allclose(bond_angle(b, c, d), 2.0, atol=1e-12)
    np.testing.assert_allclose(dihedral(a, b, c, d), angle, atol=1e-12)


def test_composition_is_associative_and_moves_a_chain_rigidly(torsion: np.ndarray) -> None:
    step = steps(torsion[:-1, 1], torsion[:-1, 2], torsion[1:, 0])
    whole = chain_of_steps(step)
    head = chain_of_steps(Frames(step.rotation[:10], step.origin[:10]))
    tail = chain_of_steps(Frames(step.rotation[10:], step.origin[10:]))
    joined = compose(Frames(head.rotation[-1], head.origin[-1]), tail)
    np.testing.assert_allclose(joined.origin, whole.origin[10:], atol=1e-9)
    np.testing.assert_allclose(joined.rotation, whole.rotation[10:], atol=1e-9)
