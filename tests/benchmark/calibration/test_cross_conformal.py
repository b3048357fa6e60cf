import numpy as np
import pytest

from protea.benchmark.calibration.cross_conformal import cross_conformal_intervals
from protea.errors import InputError


def test_hand_worked_jackknife() -> None:
    # Nine items, a model each; all predict 10. Errors 1 .. 9: low is the first of 10 - R, high the ninth of 10 + R.
    found = cross_conformal_intervals(np.arange(1.0, 10.0), np.arange(9), np.full((9, 1), 10.0), 0.9)
    np.testing.assert_array_equal(found, [[1.0, 19.0]])


def test_models_that_disagree_widen_the_interval() -> None:
    error, fold = np.full(20, 1.0), np.arange(20) % 2
    alike = cross_conformal_intervals(error, fold, np.array([[0.0], [0.0]]))
    apart = cross_conformal_intervals(error, fold, np.array([[-3.0], [3.0]]))
    np.testing.assert_array_equal(alike, [[-1.0, 1.0]])
    np.testing.assert_array_equal(apart, [[-4.0, 4.0]])


def test_coverage_of_cross_validated_least_squares() -> None:
    rng = np.random.default_rng(0)
    num_covered, num_new = 0, 0
    for _ in range(40):
        x, new = rng.normal(size=(60, 8)), rng.normal(size=(50, 8))
        weight = rng.normal(size=8)
        y, y_new = x @ weight + rng.normal(size=60), new @ weight + rng.normal(size=50)
        fold = np.arange(60) % 5
        models = [np.linalg.lstsq(x[fold != k], y[fold != k], rcond=None)[0] for k in range(5)]
        error = np.array([abs(y[i] - x[i] @ models[fold[i]]) for i in range(60)])
        found = cross_conformal_intervals(error, fold, np.stack([new @ model for model in models]))
        num_covered += int(((found[:, 0] <= y_new) & (y_new <= found[:, 1])).sum())
        num_new += 50
    assert num_covered / num_new == pytest.approx(0.915, abs=0.03)


def test_too_few_items_are_infinite_and_wrong_folds_refused() -> None:
    found = cross_conformal_intervals(np.ones(8), np.zeros(8, dtype=int), np.zeros((1, 2)))
    np.testing.assert_array_equal(found, [[-np.inf, np.inf]] * 2)
    with pytest.raises(InputError, match="folds 0 to 1"):
        cross_conformal_intervals(np.ones(2), np.array([0, 1]), np.zeros((1, 1)))
