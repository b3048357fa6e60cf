"""Sampling: balanced over groups, and a pure function of (seed, epoch)."""

import numpy as np
import pytest

from protea.datasets.sampling import OnePerGroup, WeightedSample, balanced_weights
from protea.errors import InputError


def test_balanced_weights_give_every_group_the_same() -> None:
    weights = balanced_weights("aaab")
    assert weights.tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_weighted_sample_follows_its_weights() -> None:
    sample = WeightedSample(np.array([1.0, 0.0, 3.0]), num_drawn=40_000, seed=0)
    share = np.bincount(sample(0), minlength=3) / 40_000
    assert share == pytest.approx([0.25, 0, 0.75], abs=0.01)
    assert share[1] == 0


def test_samples_depend_on_seed_and_epoch_only() -> None:
    weights = np.ones(50)
    one = WeightedSample(weights, 20, seed=4)
    one(3)
    assert one(2).tolist() == WeightedSample(weights, 20, seed=4)(2).tolist()
    assert one(2).tolist() != one(3).tolist()
    groups = [row // 10 for row in range(50)]
    assert OnePerGroup(groups, 1)(5).tolist() == OnePerGroup(groups, 1)(5).tolist()
    assert OnePerGroup(groups, 1)(5).tolist() != OnePerGroup(groups, 1)(6).tolist()


def test_one_per_group_reaches_every_row() -> None:
    sample = OnePerGroup("abbccc", seed=0)
    drawn = np.array([sample(epoch) for epoch in range(300)])
    assert set(drawn[:, 0]) == {0}
    assert set(drawn[:, 1]) == {1, 2}
    share = np.bincount(drawn[:, 2], minlength=6)[3:] / 300
    assert share == pytest.approx([1 / 3] * 3, abs=0.1)


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [1.0, -1.0], [1.0, float("nan")]])
def test_bad_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="not weights"):
        WeightedSample(np.array(weights), 1, 0)
