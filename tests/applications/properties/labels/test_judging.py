"""Metrics are those of the metrics package on answers as each needs them; what is undefined is None."""

from typing import Any

import numpy as np
import pytest

from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.judging import judged, paired, target_of
from protea.applications.properties.labels.property import Property
from tests.applications.properties.made_properties import residue_block, value_block

VALUE = Property.model_validate(value_block())
STATES = Property.model_validate(residue_block() | {"also": ["macro_f1", "perplexity"]})


def test_numbers_and_a_constant() -> None:
    target = np.array([1.0, 2.0, 4.0])
    assert judged(VALUE, target, target + 0.5) == {"spearman": 1.0, "mae": 0.5}
    assert judged(VALUE, target, np.full(3, 2.0)) == {"spearman": None, "mae": 1.0}


def test_probabilities_become_classes_and_logarithms() -> None:
    target = np.array([0, 1, 1, 0])
    answer = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.7, 0.3]])
    found = judged(STATES, target, answer)
    assert found["accuracy"] == 0.75
    assert found["perplexity"] == pytest.approx(np.exp(-np.log([0.9, 0.8, 0.4, 0.7]).mean()))


@pytest.mark.parametrize(("metric", "better"), [("pearson", 1), ("mae", -1)])
def test_gains_are_in_the_direction_of_better(metric: str, better: int) -> None:
    rng = np.random.default_rng(0)
    target = rng.normal(size=200)
    good, bad = target + 0.1 * rng.normal(size=200), target + rng.normal(size=200)
    item: Any = Property.model_validate(value_block() | {"metric": metric, "also": []})
    found = paired(item, target, good, bad, np.arange(200), 100)
    assert found is not None
    assert 0 < found.low < found.difference < found.high
    reverse = paired(item, target, bad, good, np.arange(200), 100)
    assert reverse is not None
    assert reverse.high < 0
    assert paired(item, target, good, bad, np.zeros(200, dtype=np.int64), 100) is None
    assert better in (1, -1)


def test_targets_of_residues_are_the_known_ones_end_to_end() -> None:
    given = [
        Example("a", "MK", np.array([1, 0]), np.array([True, False])),
        Example("b", "MKV", np.array([0, 1, 1]), np.array([False, True, True])),
    ]
    assert target_of(given, "classes").tolist() == [1, 1, 1]
    assert target_of([Example("a", "MK", np.array(2.5), np.array(True))], "value").tolist() == [2.5]
