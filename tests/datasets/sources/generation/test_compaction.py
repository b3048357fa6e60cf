import numpy as np
import pytest

from protea.datasets.sources.generation.compaction import (
    CLOSEST_CA,
    CLOSEST_HEAVY_ATOMS,
    GrowthSettings,
    fold,
    has_clash,
)
from protea.datasets.sources.generation.topology import draw_topology


def closest(atoms: np.ndarray, separation: int) -> float:
    """The smallest distance of atoms of residues at least this far apart along the chain, by brute force."""
    count = len(atoms)
    gap = np.linalg.norm(atoms[:, None, :, None] - atoms[None, :, None], axis=-1).min((2, 3))
    row, column = np.triu_indices(count, separation)
    return float(gap[row, column].min())


def test_chains_are_free_of_clashes_and_continue_without_a_seam() -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        chain = None
        while chain is None:
            segments = draw_topology(rng, 70)
            chain = fold(rng, segments, GrowthSettings(halves=16))
        assert chain.torsion.shape == (70, 3)
        assert closest(chain.atoms, 2) >= CLOSEST_HEAVY_ATOMS - 1e-9
        assert closest(chain.atoms[:, 1:2], 3) >= CLOSEST_CA - 1e-9
        seam = np.linalg.norm(chain.atoms[1:, 0] - chain.atoms[:-1, 2], axis=-1)
        np.testing.assert_allclose(seam, 1.329, atol=1e-9)
        np.testing.assert_allclose(chain.frames.origin, chain.atoms[:, 1], atol=1e-9)


def test_more_candidates_make_more_compact_chains() -> None:
    radius = {}
    for halves in (2, 20):
        found = []
        for seed in range(8):
            rng = np.random.default_rng(seed)
            chain = None
            while chain is None:
                chain = fold(rng, draw_topology(rng, 80), GrowthSettings(halves=halves))
            ca = chain.atoms[:, 1]
            found.append(np.sqrt(((ca - ca.mean(0)) ** 2).sum(-1).mean()))
        radius[halves] = np.median(found)
    assert radius[20] < 0.9 * radius[2]


@pytest.mark.parametrize("distance", [1.0, 2.5, 2.7, 9.0])
def test_clash_is_found_at_the_stated_distance(distance: float) -> None:
    rng = np.random.default_rng(0)
    chain = None
    while chain is None:
        chain = fold(rng, draw_topology(rng, 40), GrowthSettings(halves=12))
    # One atom of a new residue, its other atoms far away and together.
    axis = np.array([0.0, 0.0, 1.0])
    outermost = chain.atoms[:20].reshape(-1, 3)[np.argmax(chain.atoms[:20].reshape(-1, 3) @ axis)]
    residue = np.tile(outermost + axis * distance, (1, 1, 5, 1))
    residue[0, 0, 1] += axis * 2.4
    residue[0, 0, [0, 2, 4]] += axis * 2.4
    expected = distance < CLOSEST_HEAVY_ATOMS
    assert (
        bool(has_clash(chain.atoms[:20], np.concatenate([residue + 40, residue + 80, residue], axis=1))[0]) == expected
    )


def test_candidates_are_judged_one_by_one() -> None:
    placed = np.zeros((5, 5, 3)) + np.arange(5)[:, None, None] * 10
    new = np.stack([np.full((4, 5, 3), 100.0) + np.arange(4)[:, None, None] * 10, np.zeros((4, 5, 3))])
    assert has_clash(placed, new).tolist() == [False, True]
