import numpy as np
import pytest
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.mae import mae


def test_hand_worked() -> None:
    assert mae(np.array([0.0, 1.0, 4.0]), np.array([1.0, 1.0, 2.0])) == 1.0


def test_equals_scikit_learn() -> None:
    target, prediction = np.random.default_rng(0).normal(size=(2, 40))
    assert mae(target, prediction) == pytest.approx(reference.mean_absolute_error(target, prediction), abs=1e-14)


def test_large_float32_offset_is_differenced_in_float64() -> None:
    target = np.array([16777216.0], dtype=np.float32)
    assert mae(target, np.array([0.25], dtype=np.float32)) == 16777215.75


def test_infinity_is_refused() -> None:
    with pytest.raises(InputError, match="prediction holds infinity"):
        mae(np.array([0.0]), np.array([np.inf]))


def test_nan_target_is_refused() -> None:
    with pytest.raises(InputError, match="target holds NaN in 1 of 2"):
        mae(np.array([0.0, np.nan]), np.array([0.0, 1.0]))
