"""A network is checked when it is made, cannot be changed, and knows its neighbourhoods."""

import pickle

import numpy as np
import pytest

from protea.datasets.interactions.network import InteractionNetwork, ordered_pairs
from protea.errors import ContractError
from tests.datasets.interactions.made_network import made_network, plain_network

# b-a, b-c, d-e: two components; b has two partners.
NETWORK = plain_network([("b", "a"), ("b", "c"), ("d", "e")])


def changed(**changes: object) -> InteractionNetwork:
    parts = {"ids": ("b", "a"), "pairs": np.array([[1, 0]]), "labels": np.ones((1, 1), bool), "types": ("t",),
             "species": ("1", "1")}  # fmt: skip
    return InteractionNetwork(**{**parts, **changes})  # type: ignore[arg-type]


def test_pairs_stand_with_the_smaller_id_first() -> None:
    assert NETWORK.ids == ("b", "a", "c", "d", "e")
    assert NETWORK.pairs.tolist() == [[1, 0], [0, 2], [3, 4]]
    assert ordered_pairs(("b", "a"), np.array([[0, 1], [1, 0]])).tolist() == [[1, 0], [1, 0]]
    assert ordered_pairs(("10", "9"), np.array([[1, 0]])).tolist() == [[0, 1]]  # in the order of strings, not numbers
    assert ordered_pairs((), np.zeros((0, 2), np.int64)).shape == (0, 2)
    assert NETWORK.pairs.dtype == np.int64


def test_neighbourhoods() -> None:
    ptr, pair, partner = NETWORK.incident
    assert [pair[ptr[row] : ptr[row + 1]].tolist() for row in range(5)] == [[0, 1], [0], [1], [2], [2]]
    assert [partner[ptr[row] : ptr[row + 1]].tolist() for row in range(5)] == [[1, 2], [0], [0], [4], [3]]
    assert NETWORK.degree().tolist() == [2, 1, 1, 1, 1]
    assert NETWORK.component().tolist() == [0, 0, 0, 1, 1]
    assert dict(NETWORK.row_of) == {"b": 0, "a": 1, "c": 2, "d": 3, "e": 4}


def test_incident_pairs_of_a_larger_network_are_those_that_a_search_finds() -> None:
    network = made_network()
    ptr, pair, partner = network.incident
    for protein in range(network.num_proteins):
        rows = np.flatnonzero((network.pairs == protein).any(1))
        assert pair[ptr[protein] : ptr[protein + 1]].tolist() == rows.tolist()
        expected = network.pairs[rows].sum(1) - protein
        assert partner[ptr[protein] : ptr[protein + 1]].tolist() == expected.tolist()


def test_a_part_of_a_network() -> None:
    network = made_network()
    some = network.with_pairs(np.array([5, 3]))
    assert some.ids == network.ids
    assert some.pairs.tolist() == network.pairs[[5, 3]].tolist()
    keep = np.arange(60) % 2 == 0
    part = network.subnetwork(keep)
    inside = keep[network.pairs].all(1)
    names = [[network.ids[row] for row in pair] for pair in network.pairs[inside]]
    assert [[part.ids[row] for row in pair] for pair in part.pairs] == names
    assert np.array_equal(part.labels, network.labels[inside])
    assert part.sequences is not None
    assert network.sequences is not None
    assert part.sequences[3] == network.sequences[6]


def test_it_cannot_be_changed_and_can_be_sent() -> None:
    network = made_network()
    for array in (network.pairs, network.labels, network.incident.pair):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    again = pickle.loads(pickle.dumps(network))
    assert again.digest() == network.digest()
    given = np.array([[1, 0]])
    kept = changed(pairs=given)
    given[:] = 0
    assert kept.pairs.tolist() == [[1, 0]]


def test_the_digest_sees_every_part() -> None:
    base = changed()
    others = [
        changed(ids=("b", "aa")), changed(types=("u",)), changed(species=("1", "2")), changed(sequences=("A", "C")),
        changed(labels=np.zeros((1, 1), bool)), changed(score=np.array([900])), changed(score=np.array([901])),
        changed(ids=("b", "a", "c"), species=("1",) * 3),
        changed(pairs=np.zeros((0, 2), int), labels=np.ones((0, 1), bool)),
    ]  # fmt: skip
    assert len({base.digest(), *(other.digest() for other in others)}) == len(others) + 1
    assert changed(provenance={"method": "x"}).digest() == base.digest()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": ("b", "b")}, "an id stands twice"),
        ({"pairs": np.array([[0, 1]])}, "a pair in the wrong order.*smaller id first; found b a"),
        ({"pairs": np.array([[0, 0]])}, "a pair in the wrong order"),
        ({"pairs": np.array([[1, 2]])}, "a pair of no protein"),
        ({"pairs": np.array([[1, -1]])}, "a pair of no protein"),
        ({"pairs": np.array([[1, 0], [1, 0]]), "labels": np.ones((2, 1), bool)}, "a pair stands twice"),
        ({"labels": np.ones((1, 2), bool)}, "wrong number of columns of labels"),
        ({"species": ("1",)}, "wrong number of species"),
        ({"sequences": ("A",)}, "wrong number of sequences"),
    ],
)
def test_what_is_wrong_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        changed(**changes)


def test_an_empty_network_is_one() -> None:
    empty = InteractionNetwork((), np.zeros((0, 2), np.int64), np.zeros((0, 7), bool), tuple("abcdefg"), ())
    assert len(empty) == empty.num_proteins == 0
    assert empty.degree().tolist() == empty.component().tolist() == []
