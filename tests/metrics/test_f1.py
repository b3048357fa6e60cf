import numpy as np
import pytest
from sklearn import metrics as reference

from protea.metrics.f1 import macro_f1


def test_hand_worked() -> None:
    # class 0: 1 right of 2 true, 1 predicted: 2/3; class 1: 1 right of 1 true, 2 predicted: 2/3
    assert macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1])) == pytest.approx(2 / 3, abs=1e-15)


def test_class_that_is_neither_true_nor_predicted_does_not_enter() -> None:
    assert macro_f1(np.array([0, 7]), np.array([0, 7])) == 1.0


def test_class_that_is_only_predicted_enters_with_zero() -> None:
    # class 0: 2 / 3; class 1: 1; class 2: predicted once, never true: 0
    assert macro_f1(np.array([0, 0, 1]), np.array([0, 2, 1])) == pytest.approx((2 / 3 + 1 + 0) / 3, abs=1e-15)


@pytest.mark.parametrize("seed", range(3))
def test_equals_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target, prediction = rng.integers(6, size=50), rng.integers(8, size=50)
    expected = reference.f1_score(target, prediction, average="macro", zero_division=0)
    assert macro_f1(target, prediction) == pytest.approx(expected, abs=1e-12)
