import numpy as np
import pytest
from scipy import stats

from protea.benchmark.learners.few_labels import FewLabelsConfig
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.learner import LearnerConfig
from protea.benchmark.learners.mean import MeanConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.stated import fit_and_state
from protea.errors import InputError


def made(num: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(num, 4))
    return x, x @ np.array([2.0, -1.0, 0.5, 0.0]) + 0.5 * rng.normal(size=num)


def test_with_one_row_per_fold_the_interval_of_the_mean_is_the_jackknife() -> None:
    label = np.array([1.0, 2.0, 4.0, 8.0, 9.0, 10.0, 12.0, 13.0, 20.0])
    found = fit_and_state(MeanConfig(), np.zeros((9, 1)), label, np.zeros((1, 1)), 0.9, 0)
    others = (label.sum() - label) / 8
    residual = np.abs(label - others)
    assert found.way == "CV+"
    assert found.value[0] == pytest.approx(label.mean())
    assert found.interval[0] == pytest.approx([(others - residual).min(), (others + residual).max()])


@pytest.mark.parametrize("learner", [RidgeConfig(penalties=(0.1, 1.0, 10.0)), GaussianProcessConfig()])
def test_intervals_of_few_labels_hold_about_what_they_say(learner: LearnerConfig) -> None:
    asked, truth = made(400, 99)
    covered = []
    for seed in range(4):
        x, y = made(25, seed)
        found = fit_and_state(learner, x, y, asked, 0.9, seed)
        covered.append(np.mean((found.interval[:, 0] <= truth) & (truth <= found.interval[:, 1])))
        assert (found.interval[:, 0] <= found.interval[:, 1]).all()
        assert np.diff(found.interval).mean() < np.diff(stats.norm(0, truth.std()).interval(0.9))[0]
    assert 0.82 < np.mean(covered) < 0.97


def test_a_learner_is_not_taken_at_its_word_if_asked_not_to() -> None:
    x, y = made(20, 0)
    own = fit_and_state(FewLabelsConfig(), x, y, x[:3], 0.9, 0)
    crossed = fit_and_state(FewLabelsConfig(), x, y, x[:3], 0.9, 0, is_crossed=True)
    assert (own.way, crossed.way) == ("own", "CV+")
    np.testing.assert_array_equal(own.value, crossed.value)
    assert np.abs(own.interval - crossed.interval).max() > 1e-3


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(InputError, match="6 or more"):
        fit_and_state(MeanConfig(), np.zeros((5, 1)), np.arange(5.0), np.zeros((1, 1)), 0.9, 0)
