"""Small networks with what real ones have: hubs, leaves, several components, several types, two species."""

import numpy as np

from protea.datasets.interactions.network import InteractionNetwork, ordered_pairs

LETTERS = list("ACDEFGHIKLMNPQRSTVWY")


def made_network(
    num_proteins: int = 60, num_pairs: int = 200, *, seed: int = 0, num_species: int = 1, num_types: int = 3
) -> InteractionNetwork:
    """A network whose partners are drawn by preference, as in real ones; ids are not in the order of strings."""
    rng = np.random.default_rng(seed)
    ids = tuple(f"{9606 + row % num_species}.P{number}" for row, number in enumerate(rng.permutation(num_proteins)))
    species = tuple(id.partition(".")[0] for id in ids)
    weight = 1.0 / (1 + np.arange(num_proteins)) ** 0.7
    found: dict[tuple[int, int], None] = {}
    while len(found) < num_pairs:
        one, other = sorted(rng.choice(num_proteins, 2, replace=False, p=weight / weight.sum()).tolist())
        if species[one] == species[other]:
            found.setdefault((one, other))
    labels = rng.random((num_pairs, num_types)) < 0.4
    labels[np.arange(num_pairs), rng.integers(0, num_types, num_pairs)] = True
    sequences = tuple("".join(rng.choice(LETTERS, size=rng.integers(30, 60))) for _ in ids)
    types = tuple(f"type{number}" for number in range(num_types))
    return InteractionNetwork(ids, ordered_pairs(ids, np.array(list(found))), labels, types, species, sequences)


def plain_network(pairs: list[tuple[str, str]]) -> InteractionNetwork:
    """A network of one type from pairs of names, numbered by first appearance."""
    ids = tuple(dict.fromkeys(id for pair in pairs for id in pair))
    rows = np.array([[ids.index(one), ids.index(other)] for one, other in pairs], np.int64).reshape(-1, 2)
    return InteractionNetwork(
        ids, ordered_pairs(ids, rows), np.ones((len(pairs), 1), bool), ("interaction",), ("1",) * len(ids)
    )
