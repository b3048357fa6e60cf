"""Closure against its definition by powers of the adjacency matrix; cycles are named; a part keeps its ancestors."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.ontology.hierarchy import Hierarchy, hierarchy_of, hierarchy_of_parents
from protea.datasets.ontology.obo import parse_obo, read_obo
from protea.errors import InputError

# a is the root; b, c below it; d below b and c; e below d; x stands alone
DIAMOND = hierarchy_of_parents({"e": ["d"], "d": ["b", "c"], "b": ["a"], "c": ["a"], "a": [], "x": []})


def drawn(seed: int, num_classes: int = 12) -> Hierarchy:
    """A random graph whose names are shuffled, so that their order says nothing."""
    rng = np.random.default_rng(seed)
    rank = rng.permutation(num_classes)
    parents = {
        f"c{child}": [f"c{other}" for other in range(num_classes) if rank[other] < rank[child] and rng.random() < 0.25]
        for child in range(num_classes)
    }
    return hierarchy_of_parents(parents)


def reachable(hierarchy: Hierarchy) -> np.ndarray:
    """[class, ancestor or itself], by powers of the adjacency matrix."""
    step = np.eye(len(hierarchy), dtype=np.int64)
    step[hierarchy.child_of_link(), hierarchy.parent] = 1
    return np.linalg.matrix_power(step, len(hierarchy)) > 0


def test_a_hierarchy_worked_by_hand() -> None:
    index = DIAMOND.index_of
    names = {name: {DIAMOND.names[i] for i in DIAMOND.ancestors(index[name])} for name in DIAMOND.names}
    assert names == {"e": set("dbca"), "d": set("bca"), "b": {"a"}, "c": {"a"}, "a": set(), "x": set()}
    assert {DIAMOND.names[i] for i in DIAMOND.descendants(index["b"])} == {"d", "e"}
    assert {DIAMOND.names[i] for i in DIAMOND.roots()} == {"a", "x"}
    assert DIAMOND.names == ("e", "d", "b", "c", "a", "x")
    assert DIAMOND.depth().tolist() == [3, 2, 1, 1, 0, 0]
    #                      e    d    b    c    a    x
    score = np.array([[0.9, 0.2, 0.1, 0.95, 0.0, 0.3]])
    assert DIAMOND.num_violations(score) == 4  # e > d, d > b, b > a, c > a; d < c is none
    assert DIAMOND.closed_scores(score).tolist() == [[0.9, 0.9, 0.9, 0.95, 0.95, 0.3]]
    assert DIAMOND.lowered_scores(score).tolist() == [[0.0, 0.0, 0.0, 0.0, 0.0, 0.3]]


@given(seed=st.integers(0, 10_000), dtype=st.sampled_from([np.float32, np.float64]))
def test_closure_equals_its_definition(seed: int, dtype: type) -> None:
    hierarchy, rng = drawn(seed), np.random.default_rng(seed)
    is_above = reachable(hierarchy)
    assert np.array_equal(hierarchy.is_ancestor(), is_above)
    score = rng.normal(size=(3, len(hierarchy))).astype(dtype)
    upwards = np.array([[row[is_above[:, c]].max() for c in range(len(hierarchy))] for row in score])
    downwards = np.array([[row[is_above[c]].min() for c in range(len(hierarchy))] for row in score])
    assert np.array_equal(hierarchy.closed_scores(score), upwards)
    assert np.array_equal(hierarchy.lowered_scores(score), downwards)
    assert hierarchy.num_violations(upwards) == hierarchy.num_violations(downwards) == 0
    label = rng.random((3, len(hierarchy))) < 0.2
    assert np.array_equal(hierarchy.closed_labels(label), (label.astype(int) @ is_above) > 0)
    for child in range(len(hierarchy)):
        assert hierarchy.ancestors(child).tolist() == [i for i in np.flatnonzero(is_above[child]) if i != child]
        assert hierarchy.descendants(child).tolist() == [i for i in np.flatnonzero(is_above[:, child]) if i != child]


@given(seed=st.integers(0, 10_000))
def test_a_part_keeps_who_is_above_whom_and_names_no_parent_twice(seed: int) -> None:
    hierarchy, rng = drawn(seed), np.random.default_rng(seed)
    kept = [name for name in rng.permutation(hierarchy.names) if rng.random() < 0.6] or [hierarchy.names[0]]
    part = hierarchy.restricted([str(name) for name in kept])
    rows = [hierarchy.index_of[name] for name in part.names]
    assert np.array_equal(reachable(part), reachable(hierarchy)[np.ix_(rows, rows)])
    above = reachable(part)
    for child in range(len(part)):  # no parent is an ancestor of another one
        parents = part.parents(child).tolist()
        assert not any(above[one, other] for one in parents for other in parents if one != other)


def test_a_cycle_is_named() -> None:
    with pytest.raises(InputError, match=r"cycle.*(b -> c -> b|c -> b -> c).*has_part"):
        hierarchy_of_parents({"a": [], "b": ["c", "a"], "c": ["b"], "d": ["b"]})


def test_relations_and_namespaces_are_chosen() -> None:
    text = "[Term]\nid: A\nnamespace: n\n[Term]\nid: B\nnamespace: n\nis_a: A\n[Term]\nid: C\nnamespace: m\n"
    text += "relationship: part_of B\nrelationship: regulates A\n[Term]\nid: D\nnamespace: n\nis_obsolete: true\n"
    ontology = parse_obo("format-version: 1.2\n" + text)
    plain, part = hierarchy_of(ontology), hierarchy_of(ontology, relations=("part_of",))
    assert plain.names == ("A", "B", "C")  # the obsolete one is no class
    assert (len(plain.parent), len(part.parent)) == (1, 2)
    assert hierarchy_of(ontology, relations=("part_of",), namespace="n").names == ("A", "B")
    with pytest.raises(InputError, match=r"no relation 'partof'.*part_of, regulates"):
        hierarchy_of(ontology, relations=("partof",))
    with pytest.raises(InputError, match=r"no term in the namespace 'x'.*\['m', 'n'\]"):
        hierarchy_of(ontology, namespace="x")


def test_wrong_parents_and_scores_are_refused() -> None:
    with pytest.raises(InputError, match="b has the parent z"):
        hierarchy_of_parents({"a": [], "b": ["z"]})
    with pytest.raises(InputError, match=r"\[protein, 6\]"):
        DIAMOND.closed_scores(np.zeros((2, 5)))
    with pytest.raises(InputError, match="NaN"):
        DIAMOND.num_violations(np.full((1, 6), np.nan))
    with pytest.raises(InputError, match=r"1 of 2 classes.*q"):
        DIAMOND.restricted(["a", "q"])


def test_the_generic_slim_has_three_roots(shared_data: Path) -> None:
    ontology = read_obo(shared_data / "labels" / "goslim_generic.obo.zst")
    hierarchy = hierarchy_of(ontology, relations=("part_of",))
    plain = hierarchy_of(ontology)
    assert {ontology.terms[plain.names[root]].name for root in plain.roots()} == {
        "molecular_function", "biological_process", "cellular_component",
    }  # fmt: skip
    score = np.random.default_rng(0).random((20, len(hierarchy))).astype(np.float32)
    assert hierarchy.num_violations(score) > 0
    assert hierarchy.num_violations(hierarchy.closed_scores(score)) == 0
