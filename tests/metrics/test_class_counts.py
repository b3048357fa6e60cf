import numpy as np

from protea.metrics.class_counts import class_counts_by_unit


def test_counts_by_hand_with_a_unit_counted_twice_and_one_left_out() -> None:
    target, prediction = np.array([0, 2, 2, 5]), np.array([0, 2, 0, 5])
    counts = class_counts_by_unit(target, prediction, None, np.array([0, 0, 1, 2]))(np.array([2, 1, 0]))
    # classes 0, 2, 5 in this order
    np.testing.assert_array_equal(counts.num_target, [2, 3, 0])
    np.testing.assert_array_equal(counts.num_predicted, [3, 2, 0])
    np.testing.assert_array_equal(counts.num_right, [2, 2, 0])
