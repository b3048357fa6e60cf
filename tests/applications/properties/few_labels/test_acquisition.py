import numpy as np
import pytest
from scipy import integrate, stats

from protea.applications.properties.few_labels.acquisition import STRATEGIES, acquisition_score, chosen_batch
from protea.benchmark.learners.learner import Prediction
from protea.errors import InputError

FOUND = Prediction(np.array([1.0, 2.0, 0.0]), np.array([0.5, 0.1, 3.0]))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_greedy_is_the_mean_and_uncertainty_the_deviation() -> None:
    assert acquisition_score("greedy", FOUND, 1.5, rng()).argmax() == 1
    assert acquisition_score("uncertainty", FOUND, 1.5, rng()).argmax() == 2


def test_expected_improvement_is_the_integral_that_it_stands_for() -> None:
    found = acquisition_score("expected_improvement", FOUND, 1.5, rng())
    for score, mean, std in zip(found, FOUND.mean, FOUND.std, strict=True):  # type: ignore[arg-type]
        expected, _ = integrate.quad(lambda y, m=mean, s=std: (y - 1.5) * stats.norm.pdf(y, m, s), 1.5, mean + 12 * std)
        assert score == pytest.approx(max(expected, 0.0), abs=1e-7)


def test_expected_improvement_of_a_certain_candidate_is_its_gain() -> None:
    certain = Prediction(np.array([2.0, 1.0]), np.zeros(2))
    assert acquisition_score("expected_improvement", certain, 1.5, rng()).tolist() == [0.5, 0.0]


def test_thompson_draws_from_each_candidates_own_distribution() -> None:
    many = Prediction(np.full(20000, 1.0), np.full(20000, 2.0))
    drawn = acquisition_score("thompson", many, 0.0, rng())
    assert drawn.mean() == pytest.approx(1.0, abs=0.05)
    assert drawn.std() == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("strategy", STRATEGIES[2:])
def test_a_model_without_deviations_is_refused(strategy: str) -> None:
    with pytest.raises(InputError, match="standard deviation"):
        acquisition_score(strategy, Prediction(np.zeros(2)), 0.0, rng())  # type: ignore[arg-type]


def test_a_batch_has_the_highest_scores_and_ties_are_drawn() -> None:
    assert sorted(chosen_batch(np.array([0.0, 5.0, 1.0, 4.0]), 2, rng()).tolist()) == [1, 3]
    ties = {int(chosen_batch(np.zeros(4), 1, np.random.default_rng(seed))[0]) for seed in range(40)}
    assert ties == {0, 1, 2, 3}
