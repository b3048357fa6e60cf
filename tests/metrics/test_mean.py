import numpy as np

from protea.metrics.mean import mean_by_unit


def test_hand_worked() -> None:
    mean = mean_by_unit(np.array([1.0, 2.0, 6.0]), np.array([0, 1, 1]))
    assert mean(np.array([1, 1])) == 3.0
    assert mean(np.array([2, 1])) == 2.5
    assert mean(np.array([0, 5])) == 4.0
