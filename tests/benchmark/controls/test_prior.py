import math

import numpy as np
import pytest

from protea.benchmark.controls.prior import PRIOR, prior_train_loss
from protea.benchmark.suites.interface import Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.record import protein_from_sequence
from tests.benchmark.controls.suites import BINARY, control_data, labelled, suite_data


def _proteins(test_label: int = 1) -> list:
    """Training: 2 of 8 known residues are positive, and two positives are unknown. Test: a protein of one label."""
    value, known = np.array([1, 0, 0, 0, 1]), np.array([True, True, True, True, False])
    parts = [labelled(protein_from_sequence(name, "ACDEF"), value, known) for name in ("a", "b")]
    rest = [labelled(protein_from_sequence(name, "ACDEF"), np.full(5, test_label)) for name in ("c", "d")]
    return [*parts, *rest]


def test_every_item_gets_the_training_frequency_of_known_items() -> None:
    result = PRIOR.run(control_data(suite_data(_proteins(), 2, 1), BINARY), {"y": BINARY}, 0, 0)
    found = result.predictions["main"]["y"]
    assert found.ids.tolist() == ["d"]
    np.testing.assert_array_equal(found.score, np.float32(0.25))
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert result.train_loss["y"] == pytest.approx(entropy)


def test_auprc_is_exactly_the_base_rate() -> None:
    proteins = _proteins()
    proteins[3] = labelled(protein_from_sequence("d", "ACDEF"), np.array([1, 0, 0, 1, 0]))
    result = PRIOR.run(control_data(suite_data(proteins, 2, 1), BINARY), {"y": BINARY}, 0, 0)
    assert result.predictions["main"]["y"].value("auprc") == pytest.approx(0.4)


def test_labels_outside_training_change_nothing() -> None:
    results = [
        PRIOR.run(control_data(suite_data(_proteins(label), 2, 1), BINARY), {"y": BINARY}, 0, 0) for label in (0, 1)
    ]
    scores = [result.predictions["main"]["y"].score for result in results]
    np.testing.assert_array_equal(*scores)


def test_inverse_folding_prior_has_the_perplexity_of_the_training_composition() -> None:
    task = Task(InverseFoldingConfig(), "perplexity")
    every = "ACDEFGHIKLMNPQRSTVWY"
    proteins = [protein_from_sequence(name, every * 2 + "X") for name in "abc"]
    result = PRIOR.run(control_data(suite_data(proteins, 1, 1), task), {"y": task}, 0, 0)
    assert result.predictions["main"]["y"].value("perplexity") == pytest.approx(20, rel=1e-6)
    assert result.train_loss["y"] == pytest.approx(math.log(20))


def test_prior_train_loss_is_the_weighted_sum_over_tasks() -> None:
    data = suite_data(_proteins(), 2, 1)
    one = prior_train_loss(data, {"y": BINARY}, 0)
    tasks = {"y": BINARY, "type": Task(InverseFoldingConfig(), "perplexity", weight=2.0)}
    # Five of twenty types in equal shares; the other fifteen count as seen once: 2 of 25 each.
    assert prior_train_loss(data, tasks, 0) == pytest.approx(one + 2 * math.log(25 / 2))
