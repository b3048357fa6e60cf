import numpy as np
import pytest
from sklearn import metrics as reference

from protea.metrics.brier import brier, brier_classes


def test_hand_worked() -> None:
    assert brier(np.array([1, 0]), np.array([0.75, 0.5])) == pytest.approx((0.0625 + 0.25) / 2, abs=1e-15)


def test_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    target, probability = rng.integers(2, size=40), rng.random(40)
    assert brier(target, probability) == pytest.approx(reference.brier_score_loss(target, probability), abs=1e-14)


def test_the_constant_share_of_positives() -> None:
    target = np.array([1, 0, 0, 0])
    assert brier(target, np.full(4, 0.25)) == pytest.approx(0.25 * 0.75, abs=1e-15)


def test_two_classes_give_twice_the_binary_score() -> None:
    rng = np.random.default_rng(1)
    target, probability = rng.integers(2, size=30), rng.uniform(0.01, 0.99, 30)
    logits = np.log(np.stack([1 - probability, probability], axis=1))
    assert brier_classes(target, logits) == pytest.approx(2 * brier(target, probability), abs=1e-14)


def test_equal_logits_and_certainty() -> None:
    assert brier_classes(np.array([2]), np.zeros((1, 4))) == pytest.approx(0.75, abs=1e-15)
    assert brier_classes(np.array([0, 1]), np.array([[0.0, -np.inf], [0.0, -np.inf]])) == 1.0
