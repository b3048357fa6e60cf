import numpy as np
import pytest

from protea.datasets.column_scale import column_scale


def test_deviations_of_columns() -> None:
    column = np.array([[1.0, 2.0], [3.0, 2.0]], np.float32)
    found = column_scale(column)
    assert found.tolist() == [1.0, 1.0]
    assert found.dtype == np.float32
    assert column_scale(10 * column).tolist() == [10.0, 1.0]


@pytest.mark.parametrize("value", [0.1, 0.7, 1e-30, 1e15, 0.0])
def test_a_constant_has_the_scale_1_however_its_deviation_is_rounded(value: float) -> None:
    assert column_scale(np.full(3, value)) == 1.0
    assert column_scale(np.full((7, 1), value, np.float32)).tolist() == [1.0]


def test_a_single_item_is_constant() -> None:
    assert column_scale(np.array([4.2])) == 1.0


def test_values_whose_deviation_underflows_have_the_scale_1() -> None:
    assert column_scale(np.array([0.0, 1e-200])) == 1.0


def test_values_that_differ_by_rounding_are_equal() -> None:
    assert column_scale(np.array([0.3, 0.1 + 0.2, 0.3])) == 1.0
    assert column_scale(np.array([1e9, 1e9 + 1e-3])) == pytest.approx(5e-4, rel=1e-3)
