import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.samples import (
    counted,
    require_binary,
    require_classes,
    require_finite,
    require_score,
    select_rows,
    select_samples,
    spread,
)


def test_unit_of_a_row_goes_to_each_of_its_counted_entries() -> None:
    target = np.arange(6).reshape(3, 2)
    mask = np.array([[True, False], [True, True], [False, False]])
    samples = select_samples(target, target + 0.5, mask, np.array([4, 1, 3]))
    np.testing.assert_array_equal(samples.target, [0, 2, 3])
    np.testing.assert_array_equal(samples.score, [0.5, 2.5, 3.5])
    np.testing.assert_array_equal(samples.unit, [4, 1, 1])


def test_logits_keep_their_class_axis() -> None:
    samples = select_samples(np.zeros((2, 3), dtype=int), np.ones((2, 3, 5)), None, None, has_classes=True)
    assert samples.score.shape == (6, 5)


def test_rows_without_a_counted_entry_are_left_out() -> None:
    target = np.arange(6).reshape(3, 2)
    mask = np.array([[True, False], [False, False], [True, True]])
    rows, is_counted = select_rows(target, target, mask, np.array([0, 1, 2]))
    np.testing.assert_array_equal(rows.target, [[0, 1], [4, 5]])
    np.testing.assert_array_equal(rows.unit, [0, 2])
    np.testing.assert_array_equal(is_counted, mask[[0, 2]])


def test_unit_per_entry_is_refused_where_rows_are_resampled() -> None:
    square = np.zeros((2, 2))
    with pytest.raises(InputError, match="resampled whole"):
        select_rows(square, square, None, np.zeros((2, 2), dtype=np.int64))


def test_spread_takes_leading_axes_only() -> None:
    np.testing.assert_array_equal(spread(np.array([1, 2]), (2, 3), "unit"), [[1, 1, 1], [2, 2, 2]])
    with pytest.raises(InputError, match=r"unit has shape \(3,\)"):
        spread(np.arange(3), (2, 3), "unit")


def test_a_mask_of_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="int64; expected bool"):
        counted(np.array([1, 0]), (2,))
    assert counted(None, (2, 2)).all()


def test_single_number_is_refused() -> None:
    with pytest.raises(InputError, match="single number"):
        select_samples(np.array(1.0), np.array(1.0), None, None)


def test_binary_target_may_come_in_any_type() -> None:
    for kind in (bool, np.int8, np.float32):
        np.testing.assert_array_equal(require_binary(np.array([1, 0], dtype=kind)), [True, False])
    with pytest.raises(InputError, match=r"0\.5"):
        require_binary(np.array([0.5, 1.0]))


def test_scores_are_real_numbers() -> None:
    assert require_score(np.array([np.inf, 1.0]))[0] == np.inf
    for wrong in (np.array([True]), np.array([1j]), np.array(["a"])):
        with pytest.raises(InputError, match="real numbers"):
            require_score(wrong)
    with pytest.raises(InputError, match="value holds infinity in 1 of 2"):
        require_finite(np.array([np.inf, 1.0]), "value")


def test_class_ids_start_at_zero() -> None:
    np.testing.assert_array_equal(require_classes(np.array([True, False]), "target"), [1, 0])
    with pytest.raises(InputError, match="target holds the class id -1"):
        require_classes(np.array([0, -1]), "target")
