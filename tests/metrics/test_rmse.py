import numpy as np
import pytest
from sklearn import metrics as reference

from protea.metrics.rmse import rmse


def test_hand_worked() -> None:
    assert rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == pytest.approx(np.sqrt(12.5), abs=1e-15)


def test_equals_scikit_learn() -> None:
    target, prediction = np.random.default_rng(0).normal(size=(2, 40))
    expected = reference.root_mean_squared_error(target, prediction)
    assert rmse(target, prediction) == pytest.approx(expected, abs=1e-14)


def test_mean_of_batches_is_smaller() -> None:
    target, prediction = np.zeros(4), np.array([0.0, 0.0, 3.0, 3.0])
    assert np.mean([rmse(target[:2], prediction[:2]), rmse(target[2:], prediction[2:])]) == 1.5
    assert rmse(target, prediction) == pytest.approx(np.sqrt(4.5), abs=1e-15)
