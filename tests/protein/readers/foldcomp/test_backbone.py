"""Backbones: exact on chains of the format's own bond lengths, exact at anchors, and a gap shows as a misfit."""

import numpy as np
import pytest
import torch

from protea.geometry.pnerf import place_atom
from protea.protein.readers.foldcomp.backbone import place_backbones
from protea.protein.readers.foldcomp.residue_geometry import BOND_C_N, BOND_CA_C, BOND_N_CA, BOND_N_CA_AFTER_PROLINE


def ideal_chain(length: int, seed: int, is_proline: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Angles that place each residue after the first, and the chain that they give one atom at a time."""
    rng = np.random.default_rng(seed)
    torsion = rng.uniform(-np.pi, np.pi, (length, 3))
    bend = np.radians(rng.uniform(105, 125, (length, 3)))
    angle = np.concatenate([torsion, bend], axis=1)
    atoms = [
        torch.tensor(xyz, dtype=torch.float64) for xyz in ([0.0, 0.0, 0.0], [BOND_N_CA, 0.0, 0.0], [2.0, 1.4, 0.0])
    ]
    for residue in range(length - 1):
        phi, psi, omega, n_ca_c, ca_c_n, c_n_ca = angle[residue]
        after_proline = is_proline is not None and is_proline[residue]
        n_ca = BOND_N_CA_AFTER_PROLINE if after_proline else BOND_N_CA
        for bond, fold, turn in ((BOND_C_N, ca_c_n, psi), (n_ca, c_n_ca, omega), (BOND_CA_C, n_ca_c, phi)):
            atoms.append(
                place_atom(*atoms[-3:], *(torch.tensor(item, dtype=torch.float64) for item in (bond, fold, turn)))
            )
    return angle.astype(np.float32), torch.stack(atoms).reshape(-1, 3, 3).numpy().astype(np.float32)


def placed(angle: np.ndarray, chain: np.ndarray, anchor: list[int]) -> tuple[np.ndarray, np.ndarray]:
    index = np.array(anchor)
    none = np.zeros(len(angle), bool)
    found = place_backbones(angle, none, index, chain[index], np.ones(len(index) - 1, bool))
    return found.position.transpose(1, 2, 0), found.misfit


@pytest.mark.parametrize("anchor", [[0, 29], [0, 14, 29], [0, 1, 2, 20, 29], [0, 12, 12, 29]])
def test_a_chain_of_the_formats_own_bonds_comes_back(anchor: list[int]) -> None:
    angle, chain = ideal_chain(30, 0)
    index = np.array(anchor)
    is_stretch = index[:-1] < index[1:]
    found = place_backbones(angle, np.zeros(30, bool), index, chain[index], is_stretch)
    assert np.abs(found.position.transpose(1, 2, 0) - chain).max() < 2e-3
    assert found.misfit.shape == (is_stretch.sum(),)
    assert found.misfit.max() < 2e-3


def test_chains_packed_together_do_not_touch() -> None:
    made = [ideal_chain(length, length) for length in (5, 40, 2, 17)]
    angle, chain = (np.concatenate([item[part] for item in made]) for part in (0, 1))
    ends = np.cumsum([5, 40, 2, 17])
    anchor = np.array(
        [index for end, size in zip(ends, (5, 40, 2, 17), strict=True) for index in (end - size, end - 1)]
    )
    is_stretch = np.arange(7) % 2 == 0
    together = place_backbones(angle, np.zeros(64, bool), anchor, chain[anchor], is_stretch)
    assert np.abs(together.position.transpose(1, 2, 0) - chain).max() < 2e-3
    assert together.misfit.max() < 2e-3


def test_the_bond_after_proline_is_short_going_forward_only() -> None:
    is_proline = np.arange(10) == 4
    angle, chain = ideal_chain(10, 3, is_proline)
    found = place_backbones(angle, is_proline, np.array([0, 9]), chain[[0, 9]], np.ones(1, bool))
    assert found.misfit.max() < 1e-3  # forward alone meets the end
    without = place_backbones(angle, ~is_proline & False, np.array([0, 9]), chain[[0, 9]], np.ones(1, bool))
    assert without.misfit.max() > 0.05


def test_a_gap_shows_as_a_misfit_and_anchors_stay_exact() -> None:
    angle, chain = ideal_chain(30, 1)
    torn = chain.copy()
    torn[20:] += 9.0
    position, misfit = placed(angle, torn, [0, 14, 29])
    assert misfit[0] < 1e-2
    assert misfit[1] == pytest.approx(9 * np.sqrt(3), abs=0.01)
    assert np.array_equal(position[[0, 14, 29]], torn[[0, 14, 29]])


def test_a_single_residue_is_its_anchor() -> None:
    angle, chain = ideal_chain(1, 0)
    found = place_backbones(angle, np.zeros(1, bool), np.array([0, 0]), chain[[0, 0]], np.zeros(1, bool))
    assert np.array_equal(found.position[:, 0].T, chain[0])
    assert found.misfit.shape == (0,)
