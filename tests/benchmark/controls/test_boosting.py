import numpy as np
import pytest

from protea.benchmark.controls.boosting import BoostingSettings, fit_trees
from protea.benchmark.suites.interface import Task
from protea.errors import ConfigError
from protea.objectives.multilabel import MultiLabelConfig
from tests.benchmark.controls.suites import BINARY, CLASSES, VALUE

SETTINGS = BoostingSettings(num_rounds=30, learning_rate=0.3, num_leaves=8, min_in_leaf=5, l2=0.0, column_share=1.0)


def _features(count: int = 300) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 3)).astype(np.float32)


def test_binary_answers_are_the_probability_of_one() -> None:
    features = _features()
    target = (features[:, 1] > 0).astype(np.int64)
    answer = fit_trees(BINARY, features, target, SETTINGS, 0).answer(features)
    assert answer.shape == (300,)
    assert answer[target == 1].min() > 0.9
    assert answer[target == 0].max() < 0.1


def test_classes_are_log_probabilities_and_a_class_never_seen_has_a_finite_one() -> None:
    features = _features()
    target = np.where(features[:, 0] > 0, 2, 0)
    answer = fit_trees(CLASSES, features, target, SETTINGS, 0).answer(features)
    np.testing.assert_allclose(np.exp(answer).sum(1), 1, rtol=1e-6)
    assert (answer.argmax(1) == target).all()
    assert np.isfinite(answer).all()
    assert (answer[:, 1] < -50).all()


def test_a_training_part_of_one_class_gives_this_class() -> None:
    features = _features()
    for value in (0, 1):
        answer = fit_trees(BINARY, features, np.full(300, value), SETTINGS, 0).answer(features)
        np.testing.assert_allclose(answer, value)
    answer = fit_trees(CLASSES, features, np.full(300, 2), SETTINGS, 0).answer(features)
    assert (answer.argmax(1) == 2).all()
    assert np.isfinite(answer).all()


def test_values_are_in_the_unit_of_the_label() -> None:
    features = _features()
    target = 100 + 10 * np.sign(features[:, 2])
    answer = fit_trees(VALUE, features, target, SETTINGS, 0).answer(features)
    assert np.abs(answer - target).max() < 0.5


def test_missing_features_are_taken() -> None:
    features = _features()
    target = (features[:, 1] > 0).astype(np.int64)
    features[target == 1, 1] = np.nan
    answer = fit_trees(BINARY, features, target, SETTINGS, 0).answer(features)
    assert ((answer > 0.5) == (target == 1)).all()


def test_seeds_differ_and_repeat() -> None:
    few = BoostingSettings(5, 0.3, 4, 5, 0.0, column_share=0.4)
    features = _features()
    target = (features.sum(1) > 0).astype(np.int64)
    one, again, other = (fit_trees(BINARY, features, target, few, seed).answer(features) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_several_models_are_averaged() -> None:
    few = BoostingSettings(5, 0.3, 4, 5, 0.0, column_share=0.4)
    two = BoostingSettings(5, 0.3, 4, 5, 0.0, column_share=0.4, num_models=2)
    features = _features()
    target = (features.sum(1) > 0).astype(np.int64)
    single = [fit_trees(BINARY, features, target, few, seed).answer(features) for seed in (2, 3)]
    np.testing.assert_allclose(fit_trees(BINARY, features, target, two, 1).answer(features), np.mean(single, axis=0))


def test_several_labels_at_once_are_refused() -> None:
    task = Task(MultiLabelConfig(label="y", level="residue", num_labels=2), "fmax")
    with pytest.raises(ConfigError, match="one label at a time"):
        fit_trees(task, _features(4), np.zeros((4, 2)), SETTINGS, 0)
