import numpy as np
import pytest

from protea.benchmark.controls.residue_type import RESIDUE_TYPE
from protea.benchmark.suites.interface import Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.record import protein_from_sequence
from tests.benchmark.controls.suites import BINARY, CLASSES, VALUE, SiteSuite, control_data, labelled, suite_data


def _scores(task: Task, train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, float]:
    """Train on AAAC with these labels, predict ACD."""
    proteins = [
        labelled(protein_from_sequence("a", "AAAC"), train),
        labelled(protein_from_sequence("b", "AAAC"), train),
        labelled(protein_from_sequence("c", "ACD"), test),
    ]
    result = RESIDUE_TYPE.run(control_data(suite_data(proteins, 1, 1), task), {"y": task}, 0, 0)
    return result.predictions["main"]["y"].score, result.train_loss["y"]


def test_each_type_has_its_training_frequency_drawn_to_the_prior_by_one_item() -> None:
    scores, _ = _scores(BINARY, np.array([1, 1, 0, 0]), np.array([0, 1, 1]))
    np.testing.assert_allclose(scores, [(2 + 0.5) / 4, 0.5 / 2, 0.5], rtol=1e-6)


def test_means_of_values() -> None:
    scores, _ = _scores(VALUE, np.array([1.0, 2.0, 3.0, 10.0]), np.zeros(3))
    np.testing.assert_allclose(scores, [(6 + 4) / 4, (10 + 4) / 2, 4.0], rtol=1e-6)


def test_classes_give_the_log_probability_of_the_true_class() -> None:
    scores, cost = _scores(CLASSES, np.array([0, 0, 1, 2]), np.array([0, 2, 1]))
    np.testing.assert_allclose(np.exp(scores), [2.5 / 4, 1.25 / 2, 0.25], rtol=1e-6)
    assert cost == pytest.approx(-np.log([2.5 / 4, 2.5 / 4, 1.25 / 4, 1.25 / 2]).mean())


def test_test_labels_change_nothing() -> None:
    train = np.array([1, 1, 0, 0])
    np.testing.assert_array_equal(
        _scores(BINARY, train, np.zeros(3, int))[0], _scores(BINARY, train, np.ones(3, int))[0]
    )


def test_it_is_refused_where_the_type_is_the_answer() -> None:
    assert not RESIDUE_TYPE.applies_to(SiteSuite(), Task(InverseFoldingConfig(), "perplexity"))
