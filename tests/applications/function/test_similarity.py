"""Answers by similarity from hits worked by hand, and from a search that finds the own family."""

import numpy as np
import pytest

from protea.applications.function.similarity import degrees_of_hits, similarity_degrees
from protea.datasets.sequence_search import Hits
from tests.applications.function.made_chains import made_sequence


def test_hand_worked() -> None:
    hits = Hits(
        np.array([0, 0, 2]),
        np.array([1, 0, 2]),
        np.array([0.5, 0.9, 0.4]),
        np.array([0.5, 1.0, 0.3]),
        np.array([300.0, 100.0, 50.0]),
    )
    label = np.array([[1, 1, 0], [1, 0, 1], [0, 0, 1]], dtype=bool)
    found = degrees_of_hits(hits, 3, label)
    assert found.nearest.tolist() == [[0.5, 0.0, 0.5], [0, 0, 0], [0, 0, 0.4]]  # the most bits, not the most identity
    assert found.votes == pytest.approx(np.array([[1.0, 0.25, 0.75], [0, 0, 0], [0, 0, 1.0]]))
    assert found.highest_identity.tolist() == [0.9, 0.0, 0.0]  # the last covers too little to be a relative
    assert found.num_with_hit() == 2


def test_a_search_finds_the_own_family() -> None:
    known = [made_sequence(family, number) for family in (0, 1) for number in (0, 1)]
    label = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    found = similarity_degrees([made_sequence(1, 9), made_sequence(7, 0)], known, label)
    assert found.nearest[0, 0] == 0.0
    assert found.nearest[0, 1] == pytest.approx(found.highest_identity[0], abs=0.1)
    assert found.highest_identity[0] > 0.7
    assert found.votes.tolist() == [[0.0, 1.0], [0.0, 0.0]]
