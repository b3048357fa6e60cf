"""The published walks: by hand on small networks, entry by entry on the published lists, and where they used to die."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.published_walks import Way, walk
from protea.errors import InputError
from tests.datasets.interactions.made_network import made_network, plain_network

# c is a hub; the rows: 0 ab, 1 bc, 2 cd, 3 ce, 4 ef, 5 fa
RING = plain_network([("a", "b"), ("b", "c"), ("c", "d"), ("c", "e"), ("e", "f"), ("f", "a")])


class Rolled(random.Random):
    """A generator that gives the numbers it was told."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(0)
        self.numbers = list(numbers)

    def randint(self, a: int, b: int) -> int:
        assert a <= self.numbers[0] <= b
        return self.numbers.pop(0)


def network_of_golden(folder: Path) -> InteractionNetwork:
    with np.load(folder / "inputs.npz") as golden:
        pairs, labels = golden["ppi_list"].astype(np.int64), golden["ppi_labels"].astype(bool)
    ids = tuple(f"{number:05d}" for number in range(int(pairs.max()) + 1))
    types = tuple(f"type{number}" for number in range(labels.shape[1]))
    # The files do not tell the names: numbers in their place put the smaller number first.
    return InteractionNetwork(ids, np.sort(pairs, axis=1), labels, types, ("9606",) * len(ids))


@pytest.mark.parametrize(
    ("way", "share", "expected"),
    [
        ("bfs", 0.2, [0, 5]),  # all pairs of a at once: one pair was asked for
        ("bfs", 0.5, [0, 5, 1]),  # then b, which waits longest
        ("bfs", 0.9, [0, 5, 1, 4, 2, 3]),  # then f, then c
        ("dfs", 0.2, [0, 5]),
        ("dfs", 0.5, [0, 5, 1]),  # from a to b
        ("dfs", 0.8, [0, 5, 1, 2, 3]),  # from b to c
        ("dfs", 0.9, [0, 5, 1, 2, 3]),  # c ends it
    ],
)
def test_walks_worked_by_hand(way: Way, share: float, expected: list[int]) -> None:
    found = walk(RING, way, share, Rolled([0]))
    assert found.rows.tolist() == expected
    assert found.roots == (0,)


def test_depth_first_steps_back_from_a_dead_end() -> None:
    # a-b, b-c, b-d, d-e: from a to b to c (a dead end), back to b, on to d.
    network = plain_network([("a", "b"), ("b", "c"), ("b", "d"), ("d", "e")])
    assert walk(network, "dfs", 0.99, Rolled([0])).rows.tolist() == [0, 1, 2]
    network = plain_network([("a", "b"), ("b", "c"), ("b", "d"), ("d", "e"), ("e", "f"), ("f", "g")])
    assert walk(network, "dfs", 0.7, Rolled([0])).rows.tolist() == [0, 1, 2, 3]


def test_a_root_has_at_most_five_pairs() -> None:
    star = plain_network([("hub", f"leaf{number}") for number in range(6)])
    found = walk(star, "bfs", 0.17, Rolled([0, 0, 3]))
    assert (found.roots, found.rows.tolist()) == ((3,), [2])
    whole = plain_network([(f"p{one}", f"p{other}") for one in range(8) for other in range(one)])
    assert len(walk(whole, "bfs", 0.1, random.Random(0)).rows) == 7  # everybody has 7: those of the fewest will do


@pytest.mark.parametrize("way", ["bfs", "dfs"])
def test_a_component_that_is_too_small_is_followed_by_another(way: Way) -> None:
    """The published code raises an IndexError here."""
    network = plain_network([("a", "b"), ("c", "d"), ("e", "f"), ("g", "h")])
    found = walk(network, way, 0.75, Rolled([2, 2, 3, 6, 0]))  # c; c and d were met; g; a
    assert found.rows.tolist() == [1, 3, 0]
    assert found.roots == (2, 6, 0)


@pytest.mark.parametrize("way", ["random", "bfs", "dfs"])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.99])
def test_every_pair_at_most_once_and_not_too_few(way: Way, share: float) -> None:
    network = made_network(num_pairs=150, seed=3)
    rows = walk(network, way, share, random.Random(5)).rows
    assert len(np.unique(rows)) == len(rows) >= int(150 * share)
    overshoot = 1 if way == "random" else int(network.degree().max())
    assert len(rows) <= int(150 * share) + overshoot


@pytest.mark.parametrize("way", ["bfs", "dfs"])
def test_a_drawn_pair_has_a_protein_of_which_all_pairs_are_drawn(way: Way) -> None:
    """This is why no tested pair has two proteins that were seen in training."""
    network = made_network(num_proteins=200, num_pairs=900, seed=1)
    is_drawn = np.zeros(900, bool)
    is_drawn[walk(network, way, 0.2, random.Random(1)).rows] = True
    is_whole = np.array([is_drawn[(network.pairs == row).any(1)].all() for row in range(200)])
    assert is_whole[network.pairs[is_drawn]].any(1).all()


@pytest.mark.parametrize("golden", ["splits_shs27k", "splits_toy"])
def test_the_published_lists(shared_goldens: Path, golden: str) -> None:
    folder = shared_goldens / "gnn_ppi" / golden
    network = network_of_golden(folder)
    with np.load(folder / "outputs.npz") as outputs:
        names = [name.split("_")[:2] for name in outputs.files if name.endswith("_valid_index")]
        assert len(names) >= 6
        for seed, way in names:
            rng = random.Random(int(seed.removeprefix("s")))
            found = walk(network, way, 0.2, rng).rows  # type: ignore[arg-type]
            assert np.array_equal(found, outputs[f"{seed}_{way}_valid_index"]), (seed, way)


def test_shares_that_draw_nothing_are_refused() -> None:
    for share in (0.0, 1.0, -0.1):
        with pytest.raises(InputError, match="no pairs can be drawn"):
            walk(RING, "bfs", share, random.Random(0))
    with pytest.raises(InputError, match="no pairs can be drawn"):
        walk(plain_network([]), "random", 0.2, random.Random(0))
