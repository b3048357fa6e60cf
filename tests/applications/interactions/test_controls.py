"""The controls on a network worked by hand."""

import numpy as np
import pytest

from protea.applications.interactions.controls import (
    AllOnesConfig,
    ClassPriorConfig,
    DegreeConfig,
    LabelProfileConfig,
)
from protea.applications.interactions.problem import Problem
from protea.datasets.interactions.network import InteractionNetwork

# a-b has both types, a-c the first; b-d and c-d are asked.
NETWORK = InteractionNetwork(
    ("a", "b", "c", "d"), np.array([[0, 1], [0, 2], [1, 3], [2, 3]]),
    np.array([[1, 1], [1, 0], [0, 1], [0, 1]], bool), ("t", "u"), ("1",) * 4,
)  # fmt: skip
PROBLEM = Problem(NETWORK, np.zeros((4, 0)), np.array([0, 1]))
ASKED = NETWORK.pairs[2:]


def test_the_profile_is_the_mean_over_both_proteins_and_the_prior_for_the_unseen() -> None:
    (stage,) = LabelProfileConfig().stages(PROBLEM, 0)
    assert stage.probability(ASKED).tolist() == [[1, 0.75], [1, 0.25]]


def test_prior_and_ones() -> None:
    (prior,), (ones,) = ClassPriorConfig().stages(PROBLEM, 0), AllOnesConfig().stages(PROBLEM, 0)
    assert prior.probability(ASKED).tolist() == [[1, 0.5]] * 2
    assert ones.probability(ASKED).tolist() == [[1, 1]] * 2


def test_degree_learns_from_the_numbers_of_partners_alone() -> None:
    rng = np.random.default_rng(0)
    hub = [(0, other) for other in range(1, 40)]
    chain = [(row, row + 1) for row in range(40, 79)]
    pairs = np.array(hub + chain)
    labels = np.array([[True]] * len(hub) + [[False]] * len(chain))
    names = tuple(f"p{row:02d}" for row in range(80))
    network = InteractionNetwork(names, pairs, labels, ("t",), ("1",) * 80)
    (stage,) = DegreeConfig(inverse_penalty=100).stages(Problem(network, np.zeros((80, 0)), rng.permutation(78)), 0)
    assert stage.probability(np.array([[0, 5]]))[0, 0] > 0.9
    assert stage.probability(np.array([[50, 51]]))[0, 0] < 0.1


def test_a_type_that_all_training_pairs_have_gets_its_share() -> None:
    (stage,) = DegreeConfig().stages(PROBLEM, 0)
    assert stage.probability(ASKED)[:, 0] == pytest.approx(1.0)
