import numpy as np
import pytest
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.mae import mae
from protea.metrics.pinball import pinball, pinball_by_unit


def test_hand_worked() -> None:
    # Above by 2 at 0.9 of the distance, below by 1 at 0.1 of it.
    assert pinball(np.array([2.0, -1.0]), np.zeros(2), level=0.9) == pytest.approx((1.8 + 0.1) / 2, abs=1e-15)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.95])
def test_equals_scikit_learn(level: float) -> None:
    target, quantile = np.random.default_rng(0).normal(size=(2, 40))
    expected = reference.mean_pinball_loss(target, quantile, alpha=level)
    assert pinball(target, quantile, level=level) == pytest.approx(expected, abs=1e-14)


def test_median_is_half_the_absolute_error() -> None:
    target, quantile = np.random.default_rng(1).normal(size=(2, 9))
    assert pinball(target, quantile) == pytest.approx(mae(target, quantile) / 2, abs=1e-15)


def test_least_at_the_true_quantile() -> None:
    target = np.random.default_rng(2).normal(size=2001)
    best = np.quantile(target, 0.8)
    losses = [pinball(target, np.full(2001, best + step), level=0.8) for step in (-0.1, 0.0, 0.1)]
    assert losses[1] < min(losses[0], losses[2])


def test_unit_counts_mask_and_level() -> None:
    target, quantile, unit = np.array([1.0, 2.0, 3.0]), np.zeros(3), np.array([0, 1, 1])
    statistic = pinball_by_unit(target, quantile, None, unit, level=0.75)
    assert statistic(np.array([2, 1])) == pytest.approx(0.75 * 7 / 4, abs=1e-15)
    assert pinball(target, quantile, np.array([True, False, False]), level=0.75) == 0.75
    with pytest.raises(InputError, match="level is 1"):
        pinball(target, quantile, level=1.0)
