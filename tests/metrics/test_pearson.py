import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from protea.metrics.pearson import pearson
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked() -> None:
    # centred: (-1, 0, 1) and (-1, 1, 0): 1 / 2
    assert pearson(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 1.0])) == pytest.approx(0.5, abs=1e-15)


def test_equals_scipy() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 100))
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-13)


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-1e3, 1e3))
def test_linear_transform_keeps_it_and_its_sign(scale: float, shift: float) -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 30))
    assert pearson(x, scale * y + shift) == pytest.approx(pearson(x, y), abs=1e-7)
    assert pearson(x, -scale * y + shift) == pytest.approx(-pearson(x, y), abs=1e-7)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_extreme_sizes_neither_underflow_nor_overflow(size: float) -> None:
    assert pearson(np.array([1.0, 2.0, 3.0]) * size, np.array([0.0, 2.0, 1.0])) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e30])
def test_constant_is_undefined_also_where_its_mean_is_rounded(constant: float) -> None:
    with pytest.raises(UndefinedMetric, match="score is constant"):
        pearson(np.arange(7.0), np.full(7, constant))
    with pytest.raises(UndefinedMetric, match="target is constant"):
        pearson(np.full(7, constant), np.arange(7.0))
