"""What repeats is one example; what contradicts itself is none; a test protein is never trained on."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from protea.applications.properties.labels.examples import Example, Mutation, merged, mutated_sequence


def one(id: str, sequence: str, value: Any, known: Any = True, **settings: Any) -> Example:
    return Example(id, sequence, np.array(value), np.array(known), **settings)


def test_numbers_are_averaged_and_counted() -> None:
    left: Counter[str] = Counter()
    found = merged([one("a", "MK", 1.0), one("b", "MK", 4.0), one("c", "MR", 2.0)], is_value=True, left_out=left)
    assert [(item.id, float(item.value)) for item in found] == [("a", 2.5), ("c", 2.0)]
    assert left == {"measured again, averaged": 1}


def test_classes_that_differ_leave_the_protein_out() -> None:
    left: Counter[str] = Counter()
    given = [one("a", "MK", 1), one("b", "MK", 0), one("c", "MR", 1), one("d", "MR", 1)]
    found = merged(given, is_value=False, left_out=left)
    assert [item.id for item in found] == ["c"]
    assert left == {"same sequence, another label": 2, "repeated": 1}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_copy_in_a_test_is_kept_there_and_not_mixed_with_its_training_value(order: tuple[int, ...]) -> None:
    given = [
        one("a", "MK", 1.0, part="train"),
        one("b", "MK", 9.0, part="test"),
        one("c", "MK", 5.0, part="validation"),
    ]
    left: Counter[str] = Counter()
    found = merged([given[i] for i in order], is_value=True, left_out=left)
    assert [(item.id, item.part, float(item.value)) for item in found] == [("b", "test", 9.0)]
    assert left == {"also in the part test": 2}


def test_residues_of_two_labels_become_unknown() -> None:
    left: Counter[str] = Counter()
    known = [[True, True, False], [True, True, True]]
    found = merged(
        [one("a", "MKR", [1, 0, 0], known[0]), one("b", "MKR", [1, 1, 1], known[1])], is_value=False, left_out=left
    )
    assert found[0].value.tolist() == [1, 0, 1]
    assert found[0].is_known.tolist() == [True, False, True]
    numbers = merged(
        [one("a", "MK", [1.0, 0.0], [True, False]), one("b", "MK", [2.0, 7.0], [True, True])],
        is_value=True,
        left_out=left,
    )
    assert numbers[0].value.tolist() == [1.5, 7.0]


def test_a_mutant_is_not_its_wild_type_and_ids_become_distinct() -> None:
    mutant = (Mutation(1, "K", "R"),)
    given = [one("a", "MKL", 1.0), one("a", "MKL", 2.0, mutations=mutant), one("x", "", 1.0), one("y", "", 1.0)]
    found = merged(given, is_value=True, left_out=Counter())
    assert [item.id for item in found] == ["a", "a#2", "x", "y"]
    assert found[1].mutant_sequence == "MRL"
    assert mutated_sequence("MKLV", (Mutation(2, "L", "*"),)) == "MK"
