"""The curve of precision and recall over proteins from its definition, with and without weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protea.errors import InputError
from protea.metrics.protein_curve import ProteinCurve, protein_curve, require_weight, with_weight
from protea.metrics.samples import select_rows

ONCE = np.ones(1, dtype=np.int64)


def curve_of(target: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None) -> ProteinCurve:
    rows, is_counted = select_rows(target, score, None, None)
    return protein_curve(rows, is_counted, weight)(ONCE)


def test_hand_worked_with_weights() -> None:
    # one protein: labels 0 (3 bits) and 2 (1 bit); predicted in the order 2, 1 (4 bits), 0
    found = curve_of(np.array([[1, 0, 1]]), np.array([[0.1, 0.5, 0.9]]), np.array([3.0, 4.0, 1.0]))
    assert found.threshold.tolist() == [0.9, 0.5, 0.1]
    assert found.precision == pytest.approx([1.0, 1 / 5, 4 / 8], abs=1e-15)
    assert found.recall == pytest.approx([1 / 4, 1 / 4, 1.0], abs=1e-15)


@given(seed=st.integers(0, 10_000), digits=st.integers(0, 2))
@settings(max_examples=30)
def test_equals_the_definition(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    target, weight = rng.random((7, 5)) < 0.3, rng.uniform(0.1, 3.0, 5)
    target[0, 0] = True
    score = np.round(rng.normal(size=target.shape), digits)
    found = curve_of(target, score, weight)
    for place, threshold in enumerate(found.threshold):
        chosen = score >= threshold
        right = (chosen & target) @ weight
        predicts, has = chosen.any(1), target.any(1)
        precision = (right[predicts] / (chosen @ weight)[predicts]).mean()
        assert found.precision[place] == pytest.approx(precision, abs=1e-12)
        assert found.recall[place] == pytest.approx((right[has] / (target @ weight)[has]).mean(), abs=1e-12)
    assert found.is_defined.all()
    assert found.threshold.tolist() == sorted(set(score.ravel().tolist()), reverse=True)


def test_weights_of_one_change_nothing() -> None:
    rng = np.random.default_rng(0)
    target, score = rng.random((20, 6)) < 0.3, rng.normal(size=(20, 6))
    plain, weighted = curve_of(target, score), curve_of(target, score, np.ones(6))
    assert np.array_equal(plain.precision, weighted.precision)
    assert np.array_equal(plain.recall, weighted.recall)


def test_a_label_of_weight_zero_is_not_counted() -> None:
    assert with_weight(None, np.array([0.0, 2.0]), (1, 2)).tolist() == [[False, True]]
    assert with_weight(np.array([False]), np.array([0.0, 2.0]), (1, 2)).tolist() == [[False, False]]


@pytest.mark.parametrize("weight", [[1.0], [-1.0, 1.0], [0.0, 0.0], [np.inf, 1.0], [np.nan, 1.0]])
def test_wrong_weights_are_refused(weight: list[float]) -> None:
    with pytest.raises(InputError, match="weight"):
        require_weight(np.array(weight), 2)


def test_minus_infinity_is_predicted_at_no_threshold() -> None:
    none = -np.inf
    target = np.array([[1, 0, 0], [0, 1, 1]])
    found = curve_of(target, np.array([[0.9, 0.4, none], [none, none, none]]))
    assert found.threshold.tolist() == [0.9, 0.4, none]
    assert found.precision.tolist() == [1.0, 0.5, 0.0]  # of the one protein that predicts
    assert found.recall.tolist() == [0.5, 0.5, 0.0]
    assert found.is_defined.tolist() == [True, True, False]
    empty = curve_of(target, np.full((2, 3), none))
    assert (empty.precision.tolist(), empty.recall.tolist(), empty.is_defined.any()) == ([0.0], [0.0], False)
