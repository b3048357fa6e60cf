"""No protein and no family in two parts; few pairs dropped; the shares kept."""

import numpy as np
import pytest

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.pair_classes import seen_proteins
from protea.datasets.interactions.protein_partition import protein_families, protein_split
from protea.errors import InputError
from tests.datasets.interactions.made_network import made_network, plain_network
from tests.datasets.test_sequence_search import made_sequence, mutated

NETWORK = made_network(num_proteins=200, num_pairs=800, seed=4)


@pytest.mark.parametrize("seed", [0, 1])
def test_no_protein_in_two_parts_and_every_pair_accounted_for(seed: int) -> None:
    split = protein_split(NETWORK, seed=seed)
    proteins = [set(NETWORK.pairs[rows].reshape(-1).tolist()) for rows in (split.train, split.validation, split.test)]
    assert not proteins[0] & proteins[1] | proteins[0] & proteins[2] | proteins[1] & proteins[2]
    assert split.protein_part is not None
    assert np.bincount(split.protein_part).tolist() == [140, 30, 30] == split.provenance["num_proteins"]
    across = np.diff(split.protein_part[NETWORK.pairs], axis=1).ravel() != 0
    assert split.dropped().tolist() == np.flatnonzero(across).tolist()
    assert split.provenance["num_dropped"] == across.sum()
    assert not seen_proteins(NETWORK, split.train, NETWORK.pairs[split.test]).any()
    assert min(len(split.validation), len(split.test)) > 0


def test_growing_drops_fewer_pairs_than_chance() -> None:
    split = protein_split(NETWORK, seed=0)
    rng = np.random.default_rng(0)
    assert split.protein_part is not None
    kept = [(np.diff(rng.permutation(split.protein_part)[NETWORK.pairs], axis=1) == 0).sum() for _ in range(20)]
    assert len(NETWORK) - len(split.dropped()) > max(kept) + 50


def test_components_are_not_torn_where_they_need_not() -> None:
    cliques = [(f"{name}{one}", f"{name}{other}") for name in "abcdefghij" for one in range(5) for other in range(one)]
    split = protein_split(plain_network(cliques), seed=3, fractions=(0.6, 0.2, 0.2))
    assert (len(split.train), len(split.validation), len(split.test), len(split.dropped())) == (60, 20, 20, 0)


def test_groups_stay_whole_and_a_large_one_is_trained_on() -> None:
    group_of = {id: "large" if row < 120 else f"g{row // 4}" for row, id in enumerate(NETWORK.ids)}
    split = protein_split(NETWORK, seed=0, group_of=group_of)
    assert split.protein_part is not None
    part_of: dict[str, set[int]] = {}
    for id, part in zip(NETWORK.ids, split.protein_part.tolist(), strict=True):
        part_of.setdefault(group_of[id], set()).add(part)
    assert all(len(parts) == 1 for parts in part_of.values())
    assert part_of["large"] == {0}
    assert np.bincount(split.protein_part).tolist() == [136, 32, 32]  # whole groups of four, 30 asked for
    assert split.provenance["largest_group"] == 120


def test_what_cannot_be_split_is_refused() -> None:
    with pytest.raises(InputError, match="not fractions"):
        protein_split(NETWORK, seed=0, fractions=(0.5, 0.1, 0.1))
    with pytest.raises(InputError, match="199 proteins have no group"):
        protein_split(NETWORK, seed=0, group_of={NETWORK.ids[0]: "g"})
    with pytest.raises(InputError, match="too few groups"):
        protein_split(NETWORK, seed=0, group_of=dict.fromkeys(NETWORK.ids, "one"))
    with pytest.raises(InputError, match="without sequences"):
        protein_families(plain_network([("a", "b")]))


def test_families_of_a_network() -> None:
    base = plain_network([("a", "b"), ("c", "d")])
    sequences = (made_sequence(0), made_sequence(1), mutated(made_sequence(0), 0.3), made_sequence(2))
    network = InteractionNetwork(base.ids, base.pairs, base.labels, base.types, base.species, sequences)
    assert dict(protein_families(network).of) == {"a": "a", "b": "b", "c": "a", "d": "d"}
