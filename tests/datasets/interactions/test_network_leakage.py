"""What a split of a network gives away, on families made for it."""

import numpy as np
import pytest

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_leakage import NetworkLeakage, network_leakage
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.errors import InputError, LeakError
from tests.datasets.interactions.made_network import plain_network
from tests.datasets.test_sequence_search import made_sequence, mutated

BASE = plain_network([("a", "b"), ("c", "d"), ("e", "f"), ("a", "g"), ("h", "i"), ("c", "e")])
SEQUENCE = {name: made_sequence(number) for number, name in enumerate("abcdefghi")}
SEQUENCE |= {"c": mutated(SEQUENCE["a"], 0.4), "d": mutated(SEQUENCE["b"], 0.2), "h": SEQUENCE["g"]}
NETWORK = InteractionNetwork(
    BASE.ids, BASE.pairs, BASE.labels, BASE.types, BASE.species, tuple(SEQUENCE[id] for id in BASE.ids)
)


def judged(train: list[int], test: list[int]) -> NetworkLeakage:
    parts = [np.array(rows, np.int64) for rows in (train, [], test)]
    return network_leakage(NETWORK, NetworkSplit("made", *parts, len(NETWORK), NETWORK.digest()))


def test_a_pair_of_relatives_is_mirrored_by_the_pair_that_they_resemble() -> None:
    found = judged(
        [0, 2], [1, 5]
    )  # a-b, e-f are trained on; c-d are the relatives of a-b; c-e of a and e, a pair of none
    assert found.is_mirrored.tolist() == [True, False]
    assert found.num_of_class == {"BS": 0, "ES": 1, "NS": 1}
    assert found.highest_identity["c"] == pytest.approx(0.6, abs=0.03)
    assert found.highest_identity["d"] == pytest.approx(0.8, abs=0.03)
    assert found.highest_identity["e"] == 1.0
    assert (found.num_relatives, found.is_clean) == (3, False)
    with pytest.raises(LeakError, match=r"3 tested proteins were trained on.*e \(1\.00\), d \(0\.8"):
        found.check()
    assert dict(found.num_of_part) == {"train": 2, "validation": 0, "test": 2, "dropped": 2}


def test_the_pair_of_a_seen_protein_and_a_twin() -> None:
    found = judged([3], [4])  # a-g; h is the same sequence as g, i is a stranger
    assert found.num_of_class == {"BS": 0, "ES": 0, "NS": 1}
    assert found.highest_identity == {"h": 1.0, "i": 0.0}
    assert found.is_mirrored.tolist() == [False]
    assert found.histogram()["1.0"] == found.histogram()["no hit"] == 1


def test_strangers_are_clean() -> None:
    found = judged([0], [2])
    assert found.is_clean
    found.check()
    text = found.to_markdown()
    assert "0 BS (C1), 0 ES (C2), 1 NS (C3)" in text
    assert "training pair: 0" in text
    assert "| no hit | 2 |" in text


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be judged"):
        judged([], [0])
    none = np.zeros(0, np.int64)
    with pytest.raises(InputError, match="another network"):
        network_leakage(NETWORK, NetworkSplit("made", none, none, none, 6, "x"))
    with pytest.raises(InputError, match="cannot be judged"):
        network_leakage(BASE, NetworkSplit("made", np.array([0]), none, np.array([1]), 6, BASE.digest()))
