import numpy as np
import pytest

from protea.metrics.micro_f1 import micro_f1
from protea.metrics.micro_f1_best import best_cut, micro_f1_best, micro_f1_best_by_unit
from protea.metrics.undefined import UndefinedMetric

TARGET = np.array([[1, 0, 1], [0, 1, 0]])
SCORE = np.array([[0.9, 0.8, 0.4], [0.1, 0.7, 0.4]])


def test_hand_worked() -> None:
    # At .9, .8, .7, .4, .1: 2/4, 2/5, 4/6, 6/8, 6/9.
    assert micro_f1_best(TARGET, SCORE) == pytest.approx(6 / 8, abs=1e-15)
    assert best_cut(TARGET == 1, SCORE) == (0.4, pytest.approx(6 / 8))


def test_the_highest_of_equally_good_thresholds_is_taken() -> None:
    # 2/2 at .9, and nothing more right below: 2 / (1 + 1), then worse.
    assert best_cut(np.array([True, False]), np.array([0.9, 0.2])).threshold == 0.9
    # One of two right at .9 (2/3), two of three at .5 (4/5), of four at .1 (4/6).
    assert best_cut(np.array([1, 0, 1, 0]) == 1, np.array([0.9, 0.6, 0.5, 0.1])) == (0.5, pytest.approx(4 / 5))


def test_ties_are_cut_together() -> None:
    assert best_cut(np.array([[True, False, False]]), np.array([[0.5, 0.5, 0.5]])) == (0.5, pytest.approx(0.5))


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_best_over_every_threshold(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target, score = rng.integers(2, size=(30, 4)), np.round(rng.random((30, 4)), 1)
    found = {float(cut): micro_f1(target, (score >= cut).astype(np.int64)) for cut in np.unique(score)}
    assert micro_f1_best(target, score) == pytest.approx(max(found.values()), abs=1e-15)
    chosen = best_cut(target == 1, score)
    assert found[chosen.threshold] == pytest.approx(chosen.micro_f1, abs=1e-15)
    assert chosen.micro_f1 == pytest.approx(max(found.values()), abs=1e-15)


def test_each_resample_has_its_own_threshold() -> None:
    target, score = np.array([[1, 0], [0, 1]]), np.array([[0.9, 0.1], [0.8, 0.2]])
    statistic = micro_f1_best_by_unit(target, score, None, np.array([0, 1]))
    assert statistic(np.array([1, 0])) == 1.0
    assert statistic(np.array([0, 1])) == pytest.approx(2 / 3)


def test_nothing_true_has_no_value() -> None:
    with pytest.raises(UndefinedMetric, match="none of 4 cells"):
        micro_f1_best(np.zeros((2, 2), np.int64), np.ones((2, 2)))
