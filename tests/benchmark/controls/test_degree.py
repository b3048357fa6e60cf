"""Numbers of partners: counted among known pairs, a training pair not for its own proteins."""

import numpy as np
import pytest

from protea.benchmark.controls.degree import DEGREE, DegreeRegression
from protea.benchmark.suites.interface import Task
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from tests.benchmark.controls.pairs import pair_control_data, pair_suite_data
from tests.benchmark.controls.suites import BINARY, SiteSuite

TASK = Task(PairInteractionConfig(label="y"), "auprc")


def test_a_label_that_all_have_gets_its_share() -> None:
    model = DegreeRegression(np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([[1, 1], [1, 0]]))
    assert model.probability(np.zeros((3, 2)))[:, 0].tolist() == [1.0] * 3


def test_hubs_are_told_from_others() -> None:
    # Pairs with the hub 0 are known, those among others are not: a new pair with the hub is likelier.
    hub = [(0, other) for other in range(1, 20)]
    others = [(row, row + 1) for row in range(1, 18)]
    asked = [(0, 20), (5, 20), (0, 21), (6, 21)]
    pairs = np.array(hub + others + asked)
    label = np.array([1] * len(hub) + [0] * len(others) + [1, 0, 1, 0], np.uint8)
    data = pair_suite_data(pairs, label, num_train=len(hub) + len(others), num_validation=2)
    found = DEGREE.run(pair_control_data(data, TASK), {"y": TASK}, 0, 0).predictions["main"]["y"]
    assert found.score[0] > found.score[1] + 0.1


def test_a_pair_that_stands_alone_looks_like_a_new_one() -> None:
    # All proteins are in one pair, known or drawn: without their own pair no training pair has partners.
    pairs = np.arange(40).reshape(20, 2)
    label = (np.arange(20) % 2).astype(np.uint8)
    data = pair_suite_data(pairs, label, num_train=16, num_validation=2)
    found = DEGREE.run(pair_control_data(data, TASK), {"y": TASK}, 0, 0)
    assert found.predictions["main"]["y"].score == pytest.approx(0.5, abs=1e-3)
    assert found.train_loss["y"] == pytest.approx(np.log(2), abs=1e-3)


def test_it_answers_interactions_alone() -> None:
    assert not DEGREE.applies_to(SiteSuite(), BINARY)
    assert not DEGREE.applies_to(SiteSuite(), Task(BindingAffinityConfig(label="y"), "spearman"))
    assert DEGREE.applies_to(SiteSuite(), TASK)
