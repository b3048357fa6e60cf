import math

import numpy as np
import pytest
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.perplexity import perplexity


def test_equal_logits_give_the_number_of_classes() -> None:
    assert perplexity(np.array([0, 3, 19]), np.full((3, 20), 7.0)) == pytest.approx(20.0, abs=1e-12)


def test_hand_worked() -> None:
    # p(true) = 1/2 and 1/8: geometric mean 1/4
    logits = np.log([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
    assert perplexity(np.array([0, 1]), logits) == pytest.approx(4.0, abs=1e-12)


def test_adding_a_constant_to_a_position_changes_nothing_even_where_exp_overflows() -> None:
    rng = np.random.default_rng(0)
    target, logits = rng.integers(5, size=(2, 7)), rng.normal(size=(2, 7, 5))
    shifted = logits + 2000.0 * rng.normal(size=(2, 7, 1))
    assert perplexity(target, shifted) == pytest.approx(perplexity(target, logits), rel=1e-10)


def test_equals_exponential_of_scikit_learn_log_loss() -> None:
    rng = np.random.default_rng(1)
    target, logits = rng.integers(4, size=30), rng.normal(size=(30, 4))
    probability = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = math.exp(reference.log_loss(target, probability, labels=range(4)))
    assert perplexity(target, logits) == pytest.approx(expected, rel=1e-12)


def test_impossible_classes_may_have_minus_infinity_but_not_the_true_one() -> None:
    logits = np.array([[0.0, 0.0, -np.inf]])
    assert perplexity(np.array([1]), logits) == pytest.approx(2.0, abs=1e-12)
    with pytest.raises(InputError, match="-infinity at a true class"):
        perplexity(np.array([2]), logits)


def test_overflow_is_infinity() -> None:
    assert perplexity(np.array([0]), np.array([[-1e4, 0.0]])) == math.inf


def test_class_beyond_the_logits_is_refused() -> None:
    with pytest.raises(InputError, match="class id 20; expected ids below 20"):
        perplexity(np.array([20]), np.zeros((1, 20)))


def test_golden(shared_goldens) -> None:  # type: ignore[no-untyped-def]
    folder = shared_goldens / "metrics" / "classification"
    given, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    value = perplexity(given["token_targets"], given["token_logits"], given["token_mask"])
    assert value == pytest.approx(float(expected["perplexity"]), rel=1e-12)
    assert value == pytest.approx(float(expected["perplexity_torchmetrics"]), rel=1e-6)
