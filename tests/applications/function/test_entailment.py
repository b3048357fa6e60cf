"""Entailment over models worked by hand; closed degrees have no violation, and zero-shot classes lift nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.applications.function.entailment import close_degrees, entail
from protea.datasets.ontology.hierarchy import hierarchy_of_parents
from protea.errors import InputError

CHAIN = hierarchy_of_parents({"r": [], "a": ["r"], "b": ["a"], "z": ["a"]})
TRAINED = np.array([True, True, True, False])


def test_mean_minimum_and_maximum() -> None:
    degree = np.array([[[0.2, 0.6]], [[0.4, 0.0]]])
    assert entail(degree).tolist() == [[pytest.approx(0.3), pytest.approx(0.3)]]
    assert entail(degree, "min").tolist() == [[0.2, 0.0]]
    assert entail(degree, "max").tolist() == [[0.4, 0.6]]
    assert entail(degree[:1], "min").tolist() == entail(degree[:1], "max").tolist() == [[0.2, 0.6]]
    with pytest.raises(InputError, match="no model"):
        entail(degree[:0])


def test_a_class_without_annotations_lifts_nothing_and_stays_below_its_parent() -> None:
    found = close_degrees(np.array([[0.1, 0.2, 0.5, 0.9]]), CHAIN, TRAINED)
    assert found.tolist() == [[0.5, 0.5, 0.5, 0.5]]
    found = close_degrees(np.array([[0.1, 0.2, 0.5, 0.3]]), CHAIN, TRAINED)
    assert found.tolist() == [[0.5, 0.5, 0.5, 0.3]]


@given(seed=st.integers(0, 1000), dtype=st.sampled_from([np.float32, np.float64]))
def test_no_violation_is_left_whatever_the_degrees(seed: int, dtype: type) -> None:
    rng = np.random.default_rng(seed)
    parents = {f"c{i}": [f"c{j}" for j in range(i) if rng.random() < 0.3] for i in range(9)}
    hierarchy = hierarchy_of_parents(parents)
    is_trained = hierarchy.closed_labels(rng.random((1, 9)) < 0.3)[0]
    degree = rng.random((4, 9)).astype(dtype)
    found = close_degrees(degree, hierarchy, is_trained)
    assert hierarchy.num_violations(found) == 0
    assert (found[:, is_trained] >= degree[:, is_trained]).all()
    assert (found[:, ~is_trained] <= degree[:, ~is_trained]).all()


def test_annotations_that_are_not_closed_are_refused() -> None:
    with pytest.raises(InputError, match="b has annotations and its parent has none"):
        close_degrees(np.zeros((1, 4)), CHAIN, np.array([True, False, True, False]))
