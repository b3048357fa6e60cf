import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.ranks import mean_ranks


def test_hand_worked_with_a_tie() -> None:
    # setting 0: ranks 1, 2, 3; setting 1: 2.5, 1, 2.5
    value = np.array([[0.9, 0.5], [0.8, 0.7], [0.1, 0.5]])
    np.testing.assert_array_equal(mean_ranks(value, True), [1.75, 1.5, 2.75])


def test_direction_of_each_setting() -> None:
    value = np.array([[0.9, 3.0], [0.8, 4.0]])
    np.testing.assert_array_equal(mean_ranks(value, False), [1.5, 1.5])
    np.testing.assert_array_equal(mean_ranks(value, np.array([True, False])), [1.0, 2.0])


def test_ranks_sum_to_what_ranks_sum_to() -> None:
    value = np.random.default_rng(0).integers(3, size=(5, 7))
    assert mean_ranks(value, True).sum() == pytest.approx(15.0, abs=1e-12)


def test_missing_cell_is_refused() -> None:
    with pytest.raises(InputError, match="NaN in 1 of 4"):
        mean_ranks(np.array([[1.0, np.nan], [1.0, 2.0]]), True)


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="method, setting"):
        mean_ranks(np.ones(3), True)
    with pytest.raises(InputError, match="higher_is_better"):
        mean_ranks(np.ones((2, 3)), np.array([True, False]))
