import numpy as np
import torch

from protea.benchmark.controls.burial import (
    RADII,
    burial_columns,
    half_sphere,
    rank_in_protein,
    shape_columns,
)
from protea.benchmark.controls.surroundings import Surroundings
from protea.protein.batch import pack
from tests.benchmark.controls.suites import ca_protein, globule
from tests.features.proteins import random_proteins, random_rotation

# Residue 1 has its side chain towards +y; far along the chain one residue lies above it and two below.
POINTS = [[-3, -2, 0], [0, 0, 0], [3, -2, 0], [0, 7, 0], [0, -9, 0], [0, -11, 0]]


def _around() -> Surroundings:
    return Surroundings(pack([ca_protein("a", "A" * len(POINTS), np.array(POINTS, float))]))


def test_half_spheres_by_hand() -> None:
    above, below = half_sphere(_around(), 10.0)
    assert (above[1], below[1]) == (1, 3)
    above, below = half_sphere(_around(), 12.0)
    assert (above[1], below[1]) == (1, 4)


def test_half_spheres_add_up_to_the_count() -> None:
    around = Surroundings(pack([globule("a", 60, 0)]))
    above, below = half_sphere(around, 10.0)
    columns = burial_columns(around)
    torch.testing.assert_close(above + below, columns[:, RADII.index(10.0)])


def test_counts_agree_with_all_pairs() -> None:
    protein = globule("a", 50, 2)
    position = torch.from_numpy(protein.atom_position.copy())
    distance = torch.cdist(position, position)
    found = burial_columns(Surroundings(pack([protein])))
    for column, radius in enumerate(RADII):
        expected = (distance < radius).sum(1) - 1
        assert (found[:, column] - expected).abs().max() == 0


def test_columns_do_not_know_the_batch_nor_where_the_protein_stands() -> None:
    dense = random_proteins(30, 41, seed=2, dtype=torch.float32)
    turned = dense.with_position(dense.position @ random_rotation(torch.float32).T - 7.0)
    for columns in (burial_columns, shape_columns):
        both = columns(Surroundings(dense.batch()))
        alone = torch.cat([columns(Surroundings(dense.one(index).batch())) for index in range(2)])
        torch.testing.assert_close(both, alone, atol=1e-4, rtol=1e-4)
        # Counts jump by one where rounding moves a pair over a radius; smooth columns do not.
        moved = columns(Surroundings(turned.batch()))
        assert ((moved - both).abs() < 1e-3).float().mean() > 0.99


def test_shape_tells_tip_from_middle() -> None:
    line = np.array([[3.8 * index, 0, 0] for index in range(9)])
    line[:, 1] = 0.5 * (np.arange(9) % 2)
    shape = shape_columns(Surroundings(pack([ca_protein("a", "A" * 9, line)])))
    pull, distance = shape[:, 0], shape[:, -3]
    assert pull.argmax() in (0, 8)
    assert pull[4] < 0.5
    assert distance.argmin() == 4


def test_ranks_run_from_zero_to_one_in_each_protein() -> None:
    batch = pack([globule("a", 5, 0), globule("b", 3, 1), globule("c", 1, 1)])
    value = torch.tensor([5.0, 1, 4, 2, 3, 30, 10, 20, 7])[:, None]
    rank = rank_in_protein(value, Surroundings(batch))[:, 0]
    torch.testing.assert_close(rank, torch.tensor([1.0, 0, 0.75, 0.25, 0.5, 1, 0, 0.5, 0]))
