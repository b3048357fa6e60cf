import numpy as np
import pytest
from scipy import stats

from protea.errors import InputError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import METRICS
from protea.metrics.spearman import spearman
from protea.metrics.spearman_within import grouped_scores, spearman_within, spearman_within_by_unit
from protea.metrics.undefined import UndefinedMetric


def in_groups(score: list[float], group: list[int]) -> np.ndarray:
    return np.stack([np.array(score), np.array(group, float)], axis=1)


def test_the_mean_over_groups_by_hand() -> None:
    target = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    assert spearman_within(target, in_groups([1, 2, 3, 3, 2, 1], [0, 0, 0, 1, 1, 1])) == pytest.approx(0.0)
    # d = (0, 1, -1) in the second group: 1 - 6 * 2 / (3 * 8) = 0.5
    assert spearman_within(target, in_groups([1, 2, 3, 1, 3, 2], [0, 0, 0, 1, 1, 1])) == pytest.approx(0.75)


def test_telling_easy_groups_from_hard_ones_is_worth_nothing() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(20), 30)
    level = rng.normal(size=20)[group]
    target, score = level + 0.1 * rng.normal(size=600), level + 0.1 * rng.normal(size=600)
    assert spearman(target, score) > 0.95
    assert abs(spearman_within(target, np.stack([score, group], axis=1))) < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_equals_scipy_group_by_group(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target, score = rng.integers(6, size=(2, 90)).astype(float)
    group = rng.integers(5, size=90)
    expected = [stats.spearmanr(target[group == one], score[group == one]).statistic for one in range(5)]
    assert spearman_within(target, np.stack([score, group], axis=1)) == pytest.approx(np.mean(expected), abs=1e-12)


def test_groups_without_a_value_are_left_out() -> None:
    target = np.array([1.0, 2.0, 5.0, 3.0, 3.0])
    grouped = in_groups([1, 2, 0, 4, 5], [0, 0, 1, 2, 2])
    assert spearman_within(target, grouped) == 1.0
    with pytest.raises(UndefinedMetric, match="no group has two samples that differ"):
        spearman_within(target[2:], grouped[2:])
    with pytest.raises(InputError, match=r"expected \[sample, 2\]"):
        spearman_within(target, np.zeros((5, 3)))


def test_a_group_counted_twice_is_two_groups() -> None:
    target = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    grouped = in_groups([1, 2, 3, 3, 2, 1], [0, 0, 0, 1, 1, 1])
    of_groups = spearman_within_by_unit(target, grouped, None, np.array([0, 0, 0, 1, 1, 1]))
    assert of_groups(np.array([2, 1])) == pytest.approx(1 / 3)
    # Also where each sample is a unit of its own and whole groups are drawn, as the reports do.
    of_samples = spearman_within_by_unit(target, grouped, None, np.arange(6))
    assert of_samples(np.array([2, 2, 2, 1, 1, 1])) == pytest.approx(1 / 3)
    interval = bootstrap_interval(METRICS["spearman_within"], target, grouped, np.repeat([0, 1], 3), 200)
    assert (interval.low, interval.estimate, interval.high) == pytest.approx((-1, 0, 1))


def test_the_group_is_what_stands_before_the_colon() -> None:
    grouped = grouped_scores(np.array([0.1, 0.2, 0.3]), ("T2:a", "T1:a", "T2:b:c"), np.array([0, 1, 2]))
    assert grouped.tolist() == [[0.1, 1.0], [0.2, 0.0], [0.3, 1.0]]
