"""S-min worked by hand and from its definition; it counts bits, not labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.errors import InputError
from protea.metrics.smin import smin
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked() -> None:
    # bits 1, 2, 4. First protein: true 0 and 2; second: true 1.
    # nothing: ru (5 + 2) / 2, mi 0 -> 3.5;  at 0.9 (first: 2): ru (1 + 2) / 2 = 1.5, mi 0 -> 1.5
    # at 0.8 (second: 2, wrong): ru 1.5, mi 4 / 2 = 2 -> 2.5;  at 0.5 (second: 1): ru 0.5, mi 2 -> sqrt(4.25)
    # at 0.1 (all): ru 0, mi (2 + 1 + 4) / 2 = 3.5
    target = np.array([[1, 0, 1], [0, 1, 0]])
    score = np.array([[0.1, 0.1, 0.9], [0.1, 0.5, 0.8]])
    bits = np.array([1.0, 2.0, 4.0])
    assert smin(target, score, bits) == pytest.approx(1.5, abs=1e-15)
    # were the wrong label worth nothing, all thresholds above 0.1 would find more: ru 0.5 / mi 0
    assert smin(target, score, np.array([1.0, 2.0, 0.0])) == pytest.approx(0.5, abs=1e-15)


@given(seed=st.integers(0, 10_000), digits=st.integers(0, 2))
@settings(max_examples=30)
def test_equals_the_definition(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    target, bits = rng.random((6, 5)) < 0.3, rng.uniform(0.1, 5.0, 5)
    target[0, 0] = True
    score = np.round(rng.normal(size=target.shape), digits)
    values = []
    for threshold in [*np.unique(score), np.inf]:
        chosen = score >= threshold
        missing, wrong = ((target & ~chosen) @ bits).mean(), ((chosen & ~target) @ bits).mean()
        values.append(np.sqrt(missing**2 + wrong**2))
    assert smin(target, score, bits) == pytest.approx(min(values), abs=1e-12)


def test_perfect_is_zero_and_predicting_nothing_bounds_it() -> None:
    rng = np.random.default_rng(1)
    target, bits = rng.random((30, 6)) < 0.3, rng.uniform(0.5, 4.0, 6)
    assert smin(target, target.astype(float), bits) == 0.0
    assert smin(target, rng.normal(size=target.shape), bits) <= (target @ bits).mean()


def test_proteins_without_a_label_count_and_masked_cells_do_not() -> None:
    target, score, bits = np.array([[1, 0], [0, 0]]), np.array([[0.9, 0.1], [0.1, 0.95]]), np.array([2.0, 6.0])
    assert smin(target, score, bits) == pytest.approx(1.0, abs=1e-15)  # nothing predicted: 2 bits over two proteins
    assert smin(target, score, bits, np.array([[True, True], [True, False]])) == 0.0
    assert smin(target, score, bits, np.array([True, False])) == 0.0


def test_wrong_input_is_refused() -> None:
    with pytest.raises(UndefinedMetric, match="none of 2 proteins"):
        smin(np.zeros((2, 2)), np.zeros((2, 2)), np.ones(2))
    with pytest.raises(InputError, match="one number per label"):
        smin(np.ones((2, 2)), np.zeros((2, 2)), np.ones(3))
    with pytest.raises(InputError, match="NaN"):
        smin(np.ones((1, 2)), np.array([[0.0, np.nan]]), np.ones(2))


def test_what_scores_minus_infinity_is_not_predicted() -> None:
    target, bits = np.array([[1, 0], [1, 1]]), np.array([1.0, 4.0])
    # with all labels predicted: ru 0, mi 4 / 2 = 2; with none: ru (1 + 5) / 2
    assert smin(target, np.zeros((2, 2)), bits) == pytest.approx(2.0, abs=1e-15)
    assert smin(target, np.full((2, 2), -np.inf), bits) == pytest.approx(3.0, abs=1e-15)
