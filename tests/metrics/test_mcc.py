import numpy as np
import pytest
from sklearn import metrics as reference

from protea.metrics.mcc import mcc
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked_two_by_two() -> None:
    # 3 true positives, 1 false negative, 2 false positives, 4 true negatives
    target = np.array([1] * 4 + [0] * 6)
    prediction = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
    assert mcc(target, prediction) == pytest.approx((3 * 4 - 2 * 1) / np.sqrt(5 * 4 * 6 * 5), abs=1e-15)


@pytest.mark.parametrize("num_classes", [2, 5])
def test_equals_scikit_learn(num_classes: int) -> None:
    target, prediction = np.random.default_rng(1).integers(num_classes, size=(2, 80))
    assert mcc(target, prediction) == pytest.approx(reference.matthews_corrcoef(target, prediction), abs=1e-12)


def test_signs() -> None:
    target = np.array([0, 1, 0, 1])
    assert mcc(target, target) == 1.0
    assert mcc(target, 1 - target) == -1.0


def test_constant_prediction_is_chance() -> None:
    assert mcc(np.array([0, 1, 1]), np.array([0, 0, 0])) == 0.0


def test_constant_target_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="one class"):
        mcc(np.array([1, 1, 1]), np.array([0, 1, 1]))
