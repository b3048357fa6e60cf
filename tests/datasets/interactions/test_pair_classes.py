"""Both, one or none of a pair's proteins seen: by hand, and as the published code counts."""

from pathlib import Path

import numpy as np

from protea.datasets.interactions.network_splits import published_split
from protea.datasets.interactions.pair_classes import OTHER_NAME_OF_CLASS, class_rows, seen_proteins, trained_proteins
from tests.datasets.interactions.made_network import plain_network
from tests.datasets.interactions.test_published_walks import network_of_golden

NETWORK = plain_network([("a", "b"), ("c", "d"), ("a", "c"), ("e", "f"), ("a", "e")])


def test_classes_by_hand() -> None:
    train = np.array([0, 1])
    assert trained_proteins(NETWORK, train).tolist() == [True] * 4 + [False] * 2
    asked = NETWORK.pairs[[4, 2, 3]]
    assert seen_proteins(NETWORK, train, asked).tolist() == [1, 2, 0]
    rows = class_rows(NETWORK, train, asked)
    assert {name: found.tolist() for name, found in rows.items()} == {"BS": [1], "ES": [0], "NS": [2]}
    assert OTHER_NAME_OF_CLASS == {"BS": "C1", "ES": "C2", "NS": "C3"}
    assert seen_proteins(NETWORK, train[:0], asked).tolist() == [0, 0, 0]


def test_pairs_that_are_in_no_network_have_classes_too() -> None:
    assert seen_proteins(NETWORK, np.array([0]), np.array([[1, 0], [1, 5]])).tolist() == [2, 1]


def test_the_published_counts(shared_goldens: Path) -> None:
    folder = shared_goldens / "gnn_ppi" / "splits_shs27k"
    network = network_of_golden(folder)
    with np.load(folder / "outputs.npz") as outputs:
        for way in ("random", "bfs", "dfs"):
            split = published_split(network, way, seed=42, validation_share=0.0)  # type: ignore[arg-type]
            found = seen_proteins(network, split.train, network.pairs[split.test])
            assert np.array_equal(found, outputs[f"s42_{way}_valid_seen_proteins"])
            assert (way == "random") == bool((found == 2).any())
