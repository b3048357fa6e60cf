import numpy as np
import pytest
from scipy import stats

from protea.metrics.pearson import pearson
from protea.metrics.spearman import spearman
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked_without_ties() -> None:
    # 1 - 6 sum(d^2) / (n (n^2 - 1)) with d = (0, 1, -1, 0)
    value = spearman(np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 30.0, 20.0, 99.0]))
    assert value == pytest.approx(1 - 6 * 2 / (4 * 15), abs=1e-15)


@pytest.mark.parametrize("seed", range(3))
def test_equals_scipy_with_ties(seed: int) -> None:
    x, y = np.random.default_rng(seed).integers(6, size=(2, 60)).astype(float)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-13)


def test_monotone_transform_changes_nothing_where_pearson_changes() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 50))
    assert spearman(x, np.exp(3 * y)) == spearman(x, y)
    assert abs(pearson(x, np.exp(3 * y)) - pearson(x, y)) > 0.01


def test_infinity_has_a_rank() -> None:
    assert spearman(np.array([0.0, 1.0, 2.0]), np.array([-np.inf, 0.0, np.inf])) == 1.0


def test_constant_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="Spearman correlation is not defined"):
        spearman(np.arange(4.0), np.full(4, 0.1))
