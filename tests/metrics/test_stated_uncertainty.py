import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.stated_uncertainty import (
    class_probabilities,
    require_probability,
    select_gaussian,
    select_intervals,
)


def test_masked_gaussians_by_hand() -> None:
    target = np.array([[1.0, 2.0], [3.0, 4.0]])
    gaussian = np.stack([target - 1.0, np.full((2, 2), 2.0)], axis=-1)
    samples = select_gaussian(target, gaussian, np.array([[True, False], [True, True]]), np.array([5, 7]))
    np.testing.assert_array_equal(samples.target, [1, 3, 4])
    np.testing.assert_array_equal(samples.mean, [0, 2, 3])
    np.testing.assert_array_equal(samples.standardised_error, [0.5, 0.5, 0.5])
    np.testing.assert_array_equal(samples.unit, [5, 7, 7])


@pytest.mark.parametrize("sigma", [0.0, -1.0])
def test_a_sigma_that_is_not_positive_is_refused(sigma: float) -> None:
    with pytest.raises(InputError, match="1 of 2 counted entries; expected positive standard deviations"):
        select_gaussian(np.zeros(2), np.array([[0.0, 1.0], [0.0, sigma]]), None, None)


def test_other_last_axes_are_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(2, 3\); expected a last axis of two: mean, sigma"):
        select_gaussian(np.zeros(2), np.zeros((2, 3)), None, None)
    with pytest.raises(InputError, match="low, high"):
        select_intervals(np.zeros(2), np.array(1.0), None, None)


def test_intervals_may_be_infinite_but_not_crossed() -> None:
    samples = select_intervals(np.zeros(1), np.array([[-np.inf, np.inf]]), None, None)
    assert samples.high[0] - samples.low[0] == np.inf
    with pytest.raises(InputError, match="above the upper one in 1 of 1"):
        select_intervals(np.zeros(1), np.array([[1.0, 0.0]]), None, None)


def test_probabilities_lie_between_0_and_1() -> None:
    np.testing.assert_array_equal(require_probability(np.array([0, 1])), [0.0, 1.0])
    with pytest.raises(InputError, match=r"1\.5 and 1 more values outside"):
        require_probability(np.array([0.5, 1.5, -2.0]))


def test_softmax_by_hand() -> None:
    true_id, probability = class_probabilities(np.array([1]), np.array([[np.log(3.0) + 700, 700.0, -np.inf]]))
    np.testing.assert_array_equal(true_id, [1])
    np.testing.assert_allclose(probability, [[0.75, 0.25, 0.0]], atol=1e-13)
    with pytest.raises(InputError, match="class id 3; expected ids below 3"):
        class_probabilities(np.array([3]), np.zeros((1, 3)))
    with pytest.raises(InputError, match="some finite logit"):
        class_probabilities(np.array([0]), np.full((1, 2), -np.inf))
