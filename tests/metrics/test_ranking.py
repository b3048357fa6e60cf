import numpy as np

from protea.metrics.ranking import rank_samples


def test_groups_by_hand() -> None:
    ranking = rank_samples(np.array([0.5, np.inf, 0.5, -np.inf, np.inf, 0.7]))
    np.testing.assert_array_equal(ranking.group_of, [2, 0, 2, 3, 0, 1])
    np.testing.assert_array_equal(ranking.group_ptr, [0, 2, 3, 5, 6])
    np.testing.assert_array_equal(np.sort(ranking.order), np.arange(6))
    np.testing.assert_array_equal(ranking.group_of[ranking.order], [0, 0, 1, 2, 2, 3])


def test_one_sample() -> None:
    np.testing.assert_array_equal(rank_samples(np.array([3.0])).group_ptr, [0, 1])
