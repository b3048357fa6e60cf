"""Negatives: never a known pair, every unknown pair as often as the next, the same for the same seed and epoch."""

from collections import Counter

import numpy as np
import pytest

from protea.datasets.interactions import non_interactions as module
from protea.datasets.interactions.network import InteractionNetwork, ordered_pairs
from protea.datasets.interactions.non_interactions import non_interactions
from protea.errors import InputError
from tests.datasets.interactions.made_network import made_network, plain_network

NETWORK = made_network(num_proteins=300, num_pairs=300, seed=6, num_species=2)
ALL = np.arange(300)


def codes(network: InteractionNetwork, pairs: np.ndarray) -> set[int]:
    return set(network.pair_codes(pairs).tolist())


@pytest.mark.parametrize("how", ["uniform", "degree"])
def test_one_to_one_unknown_and_of_the_species_of_its_positive(how: str) -> None:
    for epoch in range(5):
        drawn = non_interactions(NETWORK, ALL, seed=1, epoch=epoch, how=how)  # type: ignore[arg-type]
        assert drawn.shape == (300, 2)
        assert len(codes(NETWORK, drawn)) == 300
        assert not codes(NETWORK, drawn) & codes(NETWORK, NETWORK.pairs)
        assert np.array_equal(ordered_pairs(NETWORK.ids, drawn), drawn)
        species = np.array(NETWORK.species)
        assert (species[drawn] == species[NETWORK.pairs[:, :1]]).all()


@pytest.mark.parametrize("how", ["uniform", "degree"])
def test_a_function_of_seed_and_epoch(how: str) -> None:
    draws = [
        non_interactions(NETWORK, ALL, seed=seed, epoch=epoch, how=how)  # type: ignore[arg-type]
        for seed, epoch in [(1, 0), (1, 0), (1, 1), (2, 0), (0, 1)]
    ]
    assert np.array_equal(draws[0], draws[1])
    different = {draw.tobytes() for draw in draws}
    assert len(different) == 4


def test_the_draw_is_uniform_over_all_unknown_pairs() -> None:
    """Each of the unknown pairs of a small network comes in the same share of epochs, and no other pair ever comes."""
    network = plain_network([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c")])
    unknown = {("a", "d"), ("a", "e"), ("b", "d"), ("b", "e"), ("c", "e")}
    count: Counter[tuple[str, ...]] = Counter()
    for epoch in range(2000):
        drawn = non_interactions(network, np.array([0, 3]), seed=0, epoch=epoch)
        count.update(tuple(network.ids[row] for row in pair) for pair in drawn.tolist())
    assert set(count) == unknown
    # 2 of 5 in each of 2,000 epochs: 800 expected, standard deviation 22.
    assert all(abs(number - 800) < 90 for number in count.values())


@pytest.mark.parametrize("most_listed", [2_000_000, 0])
def test_when_all_unknown_pairs_are_asked_for_all_come(monkeypatch: pytest.MonkeyPatch, most_listed: int) -> None:
    monkeypatch.setattr(module, "_MOST_LISTED", most_listed)
    pairs = [(f"p{one}", f"p{other}") for one in range(7) for other in range(one)][:11]  # 21 possible, 10 unknown
    network = plain_network([*pairs[:10], ("p6", "p5")])
    unknown = non_interactions(network, np.arange(10), seed=0, epoch=0)
    assert len(codes(network, unknown) | codes(network, network.pairs)) == 21
    with pytest.raises(InputError, match="too few pairs without a known interaction; expected 11; found 10"):
        non_interactions(network, np.arange(11), seed=0, epoch=0)


def test_drawing_and_listing_have_the_same_law(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_LISTED", 0)
    network = plain_network([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c")])
    count: Counter[tuple[int, ...]] = Counter()
    for epoch in range(2000):
        for pair in non_interactions(network, np.array([0, 3]), seed=0, epoch=epoch).tolist():
            count[tuple(pair)] += 1
    assert len(count) == 5
    assert all(abs(number - 800) < 90 for number in count.values())


def test_pairs_known_elsewhere_are_never_drawn_and_proteins_may_be_limited() -> None:
    network = plain_network([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")])
    known = np.array([[0, 2], [4, 0]])  # a-c, and e-a the other way round
    for epoch in range(30):
        drawn = non_interactions(network, np.arange(4), seed=0, epoch=epoch, known=known)
        names = {tuple(network.ids[row] for row in pair) for pair in drawn}
        assert names == {("a", "d"), ("b", "d"), ("b", "e"), ("c", "e")}
    among = np.array([True, True, True, True, False])
    drawn = non_interactions(network, np.arange(3), seed=0, epoch=0, among=among)
    assert 4 not in drawn


def test_degrees_are_matched_where_asked_and_not_otherwise() -> None:
    network = made_network(num_proteins=300, num_pairs=400, seed=8)
    degree = network.degree()
    matched = non_interactions(network, np.arange(400), seed=0, epoch=0, how="degree")
    assert np.array_equal(np.bincount(matched.reshape(-1), minlength=300), degree)
    uniform = non_interactions(network, np.arange(400), seed=0, epoch=0)
    # The sum of two degrees tells positives from uniform negatives, and not at all from matched ones.
    positive, of_matched, of_uniform = (degree[pairs].sum(1).mean() for pairs in (network.pairs, matched, uniform))
    assert of_matched == positive
    assert of_uniform < positive / 1.5


def test_what_cannot_be_matched_is_refused() -> None:
    star = plain_network([("hub", f"leaf{number}") for number in range(6)])
    with pytest.raises(InputError, match="draw uniformly"):
        non_interactions(star, np.arange(6), seed=0, epoch=0, how="degree")
    with pytest.raises(InputError, match="outside the allowed proteins"):
        non_interactions(star, np.arange(6), seed=0, epoch=0, how="degree", among=np.zeros(7, bool))
    mixed = InteractionNetwork(star.ids, star.pairs, star.labels, star.types, ("1",) * 6 + ("2",))
    with pytest.raises(InputError, match=r"a pair of two species.*hub leaf5"):
        non_interactions(mixed, np.arange(6), seed=0, epoch=0)


def test_another_species_in_the_network_changes_nothing() -> None:
    keep = np.array(NETWORK.species) == "9606"
    alone = NETWORK.subnetwork(keep)
    inside = np.flatnonzero(keep[NETWORK.pairs].all(1))
    both = non_interactions(NETWORK, inside, seed=3, epoch=2)
    one = non_interactions(alone, np.arange(len(alone)), seed=3, epoch=2)
    assert [[NETWORK.ids[row] for row in pair] for pair in both] == [[alone.ids[row] for row in pair] for pair in one]


def test_no_positives_no_negatives() -> None:
    assert non_interactions(NETWORK, ALL[:0], seed=0, epoch=0).shape == (0, 2)
