"""Walks over a network of the size of SHS148k, against the same walks with searches in lists; seconds per split."""

import random

import numpy as np

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.published_walks import Way, walk
from speed.harness import Row, interleaved

NUM_PROTEINS, NUM_PAIRS = 5_189, 44_000


def made_network(num_proteins: int, num_pairs: int) -> InteractionNetwork:
    """A network with hubs: partners are drawn by a power law."""
    rng = np.random.default_rng(0)
    weight = (1.0 + np.arange(num_proteins)) ** -0.55
    found: dict[tuple[int, int], None] = {}
    while len(found) < num_pairs:
        drawn = np.sort(rng.choice(num_proteins, (num_pairs, 2), p=weight / weight.sum()), axis=1)
        found.update(dict.fromkeys((one, other) for one, other in drawn.tolist() if one != other))
    pairs = np.array(list(found)[:num_pairs])
    ids = tuple(f"{number:05d}" for number in range(num_proteins))
    return InteractionNetwork(ids, pairs, np.ones((num_pairs, 1), bool), ("interaction",), ("1",) * num_proteins)


def with_lists(network: InteractionNetwork, way: Way, share: float, seed: int) -> list[int]:
    """The same walk with what is taken and met kept in lists that are searched; one component is taken for granted."""
    pairs_of: list[list[tuple[int, int]]] = [[] for _ in network.ids]
    for row, (one, other) in enumerate(network.pairs.tolist()):
        pairs_of[one].append((row, other))
        pairs_of[other].append((row, one))
    rng = random.Random(seed)
    root = rng.randint(0, network.num_proteins - 1)
    while not 0 < len(pairs_of[root]) <= 5:
        root = rng.randint(0, network.num_proteins - 1)
    target, taken, left, waiting = int(len(network) * share), [], [], [root]  # type: ignore[var-annotated]
    while len(taken) < target:
        protein = waiting.pop(0) if way == "bfs" else waiting[-1]
        if protein in left:
            new = [other for _, other in pairs_of[protein] if other not in left]
            waiting[len(waiting) - (not new) :] = new[:1]
            continue
        left.append(protein)
        for row, other in pairs_of[protein]:
            if row not in taken:
                taken.append(row)
                if way == "bfs" and other not in left and other not in waiting:
                    waiting.append(other)
    return taken


def measure(repeats: int) -> list[Row]:
    network = made_network(NUM_PROTEINS, NUM_PAIRS)
    rows: list[Row] = []
    ways: tuple[Way, ...] = ("bfs", "dfs")
    for way in ways:
        ours, theirs = interleaved(
            lambda way=way: walk(network, way, 0.2, random.Random(0)),  # type: ignore[misc]
            lambda way=way: with_lists(network, way, 0.2, 0),  # type: ignore[misc]
            min(repeats, 3),
        )
        name = f"split {way} of {NUM_PROTEINS:,} proteins, {NUM_PAIRS:,} pairs, against searches in lists"
        rows.append({"name": name, "ours": ours, "peer": theirs, "ratio": theirs / ours, "goal": 5.0})
    return rows


def test_both_ways_take_the_same_pairs() -> None:
    network = made_network(80, 300)
    ways: tuple[Way, ...] = ("bfs", "dfs")
    for way in ways:
        for seed in range(5):
            assert walk(network, way, 0.3, random.Random(seed)).rows.tolist() == with_lists(network, way, 0.3, seed)
