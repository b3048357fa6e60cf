import numpy as np
import pytest

from protea.benchmark.calibration.cross_conformal import cross_conformal_intervals, cross_conformal_sets
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


def test_hand_worked_sets() -> None:
    # Nine items, a model each; 0.9 x 10 = 9: a class is out where it fits worse than the true one of all nine.
    asked = np.tile([[[0.85, 0.9, 0.95]]], (9, 1, 1))
    found = cross_conformal_sets(np.arange(1, 10) / 10.0, np.arange(9), asked, 0.9)
    np.testing.assert_array_equal(found, [[True, True, False]])
    # With eight there are too few: nothing can be excluded.
    assert cross_conformal_sets(np.arange(1, 9) / 10.0, np.arange(8), asked[:8], 0.9).all()
    # Each model is held against the items that it did not see, and no others.
    split = np.array([[[0.5]], [[0.0]]])
    for own, expected in (([0.4] * 10 + [0.4] * 10, 10), ([0.6] * 10 + [0.4] * 10, 0)):
        fold = np.repeat([0, 1], 10)
        for level in (0.4, 0.6):
            inside = cross_conformal_sets(np.array(own), fold, split, level)
            assert bool(inside[0, 0]) == (expected < level * 21)


def test_coverage_of_sets_of_a_noisy_model() -> None:
    rng = np.random.default_rng(0)
    num_covered, size = 0, []
    for _ in range(40):
        shift = rng.normal(size=(5, 1, 1)) * 0.3  # models of folds that disagree
        label, new = rng.integers(3, size=60), rng.integers(3, size=50)
        fit = rng.normal(size=(110, 3))
        fit[np.arange(110), np.concatenate([label, new])] -= 1.5
        scores, fold = fit[None] + shift, np.arange(60) % 5
        own = scores[fold, np.arange(60), label]
        found = cross_conformal_sets(own, fold, scores[:, 60:])
        num_covered += int(found[np.arange(50), new].sum())
        size.append(found.sum(axis=1).mean())
    assert num_covered / 2000 == pytest.approx(0.91, abs=0.03)
    assert 1.0 < np.mean(size) < 2.5


def test_folds_without_a_model_of_sets_are_refused() -> None:
    with pytest.raises(InputError, match="0 to 1"):
        cross_conformal_sets(np.zeros(4), np.array([0, 1, 2, 0]), np.zeros((2, 3, 2)))


def test_sets_count_as_the_intervals_do() -> None:
    # 100 * 0.55 is 55.00000000000001: of 99 scores the 55 smallest are those that a set may be better than.
    score, fold = np.arange(99.0), np.zeros(99, dtype=np.int64)
    asked = (np.arange(100.0) - 0.5)[None, None]  # the class i is worse than i of the scores
    for level in (0.55, 0.56, 0.9):
        assert cross_conformal_sets(score, fold, asked, level).sum() == round(100 * level)
    with pytest.raises(InputError, match="level is 90"):
        cross_conformal_sets(score, fold, asked, 90.0)
