import numpy as np
import pytest
from scipy import stats

from protea.errors import InputError
from protea.metrics.interval_score import interval_score
from protea.metrics.pinball import pinball


def test_hand_worked() -> None:
    interval = np.array([[0.0, 1.0]] * 3)
    # Inside; below by 0.1; above by 0.2; each unit outside costs 2 / 0.1.
    found = interval_score(np.array([0.5, -0.1, 1.2]), interval)
    assert found == pytest.approx(1.0 + (0.0 + 2.0 + 4.0) / 3, abs=1e-12)


def test_is_the_pinball_loss_of_both_bounds() -> None:
    rng = np.random.default_rng(0)
    target, low, width = rng.normal(size=30), rng.normal(size=30), rng.random(30)
    found = interval_score(target, np.stack([low, low + width], 1), level=0.8)
    losses = pinball(target, low, level=0.1) + pinball(target, low + width, level=0.9)
    assert found == pytest.approx(2.0 / 0.2 * losses, rel=1e-12)


def test_least_for_the_true_interval() -> None:
    target = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    half = stats.norm.ppf(0.95)
    scores = [interval_score(target, np.broadcast_to([-h, h], (20_000, 2))) for h in (half - 0.1, half, half + 0.1)]
    assert scores[1] < min(scores[0], scores[2])
    assert scores[1] == pytest.approx(4.13, abs=0.01)  # what the catalogue calls chance


def test_infinite_intervals_and_wrong_levels() -> None:
    assert interval_score(np.zeros(1), np.array([[-np.inf, 1.0]])) == np.inf
    with pytest.raises(InputError, match="level is 0"):
        interval_score(np.zeros(1), np.zeros((1, 2)), level=0.0)
