"""Information content worked by hand, in both definitions; it depends on training annotations only."""

import numpy as np
import pytest

from protea.datasets.ontology.hierarchy import hierarchy_of_parents
from protea.datasets.ontology.information_content import information_content
from protea.errors import InputError

# the names are r, a, b, ab (below both), z (below a, never seen)
HIERARCHY = hierarchy_of_parents({"r": [], "a": ["r"], "b": ["r"], "ab": ["a", "b"], "z": ["a"]})
# 8 proteins: r on all, a on 4, b on 6, both on 3, ab on 1
LABEL = np.array(
    [[1, 1, 1, 1, 0], [1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [1, 1, 0, 0, 0]] + [[1, 0, 1, 0, 0]] * 3 + [[1, 0, 0, 0, 0]],
    dtype=bool,
)


def test_hand_worked() -> None:
    found = information_content(LABEL, HIERARCHY)
    # r: 8 of 8; a: 4 of 8; b: 6 of 8; ab: 1 of the 4 with the rarer parent; z: as if 1 of 4
    assert found == pytest.approx([0.0, 1.0, np.log2(8 / 6), 2.0, 2.0], abs=1e-15)
    found = information_content(LABEL, HIERARCHY, parents="all")
    assert found == pytest.approx([0.0, 1.0, np.log2(8 / 6), np.log2(3.0), 2.0], abs=1e-15)


def test_a_chain_adds_up_to_the_rarity_of_its_end() -> None:
    # one parent each: the sum down a branch is log2(all / those at the end), whatever lies between
    chain = hierarchy_of_parents({"r": [], "a": ["r"], "b": ["a"], "c": ["b"]})
    label = np.arange(16)[:, None] < np.array([16, 8, 5, 2])
    assert information_content(label, chain).sum() == pytest.approx(3.0, abs=1e-12)


def test_wrong_labels_are_refused() -> None:
    with pytest.raises(InputError, match=r"not closed.*1 links"):
        information_content(np.array([[1, 0, 0, 0, 1]], dtype=bool), HIERARCHY)
    with pytest.raises(InputError, match=r"\[protein, 5\]"):
        information_content(LABEL[:, :4], HIERARCHY)
    with pytest.raises(InputError, match=r"\[protein, 5\]"):
        information_content(LABEL[:0], HIERARCHY)
