"""Profiles on four proteins, worked by hand."""

import numpy as np
import pytest

from protea.datasets.interactions.label_profile import label_profiles, partner_counts

# a-b has both types, a-c the first; d is in no pair.
PAIRS = np.array([[0, 1], [0, 2]])
LABELS = np.array([[1, 1], [1, 0]], bool)


def test_a_profile_is_the_mean_over_the_pairs_of_a_protein_and_the_prior_for_the_unseen() -> None:
    found = label_profiles(PAIRS, LABELS, 4)
    assert found.profile.tolist() == [[1, 0.5], [1, 1], [1, 0], [1, 0.5]]
    assert found.num_pairs.tolist() == [2, 1, 1, 0]


def test_a_pair_gets_the_mean_of_its_two_in_either_order() -> None:
    found = label_profiles(PAIRS, LABELS, 4)
    assert found.of_pairs(np.array([[1, 3], [2, 3], [3, 2]])).tolist() == [[1, 0.75], [1, 0.25], [1, 0.25]]


def test_numbers_are_averaged_as_labels_are() -> None:
    found = label_profiles(PAIRS, np.array([[2.0], [4.0]]), 4)
    assert found.profile[:, 0].tolist() == [3.0, 2.0, 4.0, 3.0]


def test_numbers_of_partners_come_in_the_order_of_size() -> None:
    found = partner_counts(np.array([[0, 1], [3, 0]]), np.array([2, 1, 1, 0]))
    assert found == pytest.approx(np.log([[2, 3], [1, 3]]))
