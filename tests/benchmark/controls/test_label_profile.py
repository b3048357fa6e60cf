"""The label profile of pairs, worked by hand; values and known pairs alike."""

import numpy as np
import pytest

from protea.benchmark.controls.label_profile import LABEL_PROFILE
from protea.benchmark.suites.interface import Task
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from tests.benchmark.controls.pairs import pair_control_data, pair_suite_data
from tests.benchmark.controls.suites import BINARY, SiteSuite

PAIRS = np.array([[0, 1], [0, 2], [1, 3], [2, 3], [3, 4]])


def test_types_are_cut_where_validation_says() -> None:
    labels = np.array([[1, 1], [1, 0], [1, 0], [0, 1], [1, 1]], np.uint8)
    task = Task(PairInteractionTypesConfig(label="y", num_types=2), "micro_f1", also=("auprc",))
    data = pair_suite_data(PAIRS, labels, num_train=2, num_validation=1)
    found = LABEL_PROFILE.run(pair_control_data(data, task), {"y": task}, 0, 0)
    predictions = found.predictions["main"]["y"]
    # a-b has both types, a-c the first, so that b has (1, 1), c (1, 0), and d and e the prior (1, .5).
    assert predictions.score.tolist() == [[1.0, 0.25], [1.0, 0.5]]
    # The validation pair b-d is (1, .75) and has the first type alone.
    assert predictions.cut == 1.0
    assert predictions.value("micro_f1") == pytest.approx(2 * 1 / (2 + 3))


def test_values_are_averaged_and_unknown_ones_not_counted() -> None:
    task = Task(BindingAffinityConfig(label="y", mean=2.0, scale=2.0), "spearman", also=("rmse",))
    values = np.array([2.0, 4.0, 100.0, 0.0, 0.0], np.float32)
    data = pair_suite_data(PAIRS, values, num_train=3, num_validation=1, is_known=np.array([1, 1, 0, 1, 1], bool))
    found = LABEL_PROFILE.run(pair_control_data(data, task), {"y": task}, 0, 0)
    assert found.predictions["main"]["y"].score.tolist() == [3.0]  # d and e: the mean of 2 and 4
    # a: 3, b: 2, c: 4; so 2.5 and 3.5 against 2 and 4, in units of 2.
    assert found.train_loss["y"] == pytest.approx(0.0625)


def test_it_answers_pairs_alone() -> None:
    assert not LABEL_PROFILE.applies_to(SiteSuite(), BINARY)
