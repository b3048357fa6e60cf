import numpy as np
import pytest

from protea.benchmark.calibration.ensemble import combine_probabilities, combine_values
from protea.errors import InputError


def test_variances_add_by_hand() -> None:
    value = np.array([[0.0, 5.0], [2.0, 5.0]])
    sigma = np.array([[1.0, 3.0], [2.0, 4.0]])
    found = combine_values(value, sigma)
    np.testing.assert_allclose(found.value, [1.0, 5.0])
    np.testing.assert_allclose(found.sigma**2, [2.5 + 1.0, 12.5])
    np.testing.assert_allclose(found.sigma**2, found.aleatoric**2 + found.epistemic**2)


def test_moments_are_those_of_the_mixture() -> None:
    rng = np.random.default_rng(0)
    value, sigma = rng.normal(size=(3, 1)), rng.uniform(0.5, 2.0, size=(3, 1))
    draws = np.concatenate([rng.normal(value[i, 0], sigma[i, 0], size=100_000) for i in range(3)])
    found = combine_values(value, sigma)
    assert draws.mean() == pytest.approx(found.value[0], abs=0.02)
    assert draws.std() == pytest.approx(found.sigma[0], rel=0.01)


def test_without_sigma_only_disagreement_is_known() -> None:
    found = combine_values(np.array([[1.0], [3.0]]))
    assert (found.sigma[0], found.aleatoric[0]) == (1.0, 0.0)


def test_disagreement_is_the_information_between_model_and_class() -> None:
    sure_but_apart = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    found = combine_probabilities(sure_but_apart)
    np.testing.assert_allclose(found.probability, [[0.5, 0.5]])
    assert found.entropy[0] == pytest.approx(np.log(2))
    assert found.disagreement[0] == pytest.approx(np.log(2))
    alike = combine_probabilities(np.array([[[0.5, 0.5]], [[0.5, 0.5]]]))
    assert alike.disagreement[0] == pytest.approx(0.0, abs=1e-15)


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(InputError, match="two models or more"):
        combine_values(np.zeros((1, 3)))
    with pytest.raises(InputError, match="not logarithms"):
        combine_values(np.zeros((2, 1)), np.array([[1.0], [-1.0]]))
    with pytest.raises(InputError, match="add up to 1"):
        combine_probabilities(np.full((2, 1, 3), 0.5))
