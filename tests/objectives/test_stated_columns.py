import numpy as np
import pytest

from protea.errors import InputError
from protea.objectives.stated_columns import (
    column_of,
    gaussian_of,
    interval_of,
    quantile_column,
    value_column,
    value_of,
)

GAUSSIAN = np.array([[1.0, 2.0, 0.5, 0.1]])
NAMES = ("value", "sigma", "aleatoric", "epistemic")


def test_columns_by_name() -> None:
    assert column_of(GAUSSIAN, NAMES, "epistemic") == [0.1]
    assert value_of(GAUSSIAN, NAMES) == [1.0]
    np.testing.assert_array_equal(gaussian_of(GAUSSIAN, NAMES), [[1.0, 2.0]])


def test_interval_of_a_gaussian_holds_ninety_percent() -> None:
    draws = np.random.default_rng(0).normal(1.0, 2.0, size=100_000)
    low, high = interval_of(GAUSSIAN, NAMES)[0]
    assert np.mean((low <= draws) & (draws <= high)) == pytest.approx(0.9, abs=0.004)


def test_quantiles_give_median_and_interval_but_no_sigma() -> None:
    names = tuple(quantile_column(level) for level in (0.05, 0.5, 0.95))
    score = np.array([[-1.0, 0.5, 3.0]])
    assert value_of(score, names) == [0.5]
    assert (value_column(names), value_column(NAMES)) == ("quantile_0.5", "value")
    np.testing.assert_array_equal(interval_of(score, names), [[-1.0, 3.0]])
    with pytest.raises(InputError, match=r"states no 'sigma'.*quantile_0\.05"):
        gaussian_of(score, names)


def test_other_quantiles_are_no_ninety_percent_interval() -> None:
    with pytest.raises(InputError, match=r"states no 'quantile_0\.05'"):
        interval_of(np.zeros((1, 3)), ("quantile_0.1", "quantile_0.5", "quantile_0.9"))
