"""Weighted metrics keep the contract of every metric: order, repetition, masks; weights change the value."""

import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.fmax import fmax
from protea.metrics.label_weights import weighted_metrics
from tests.metrics.cases import random_case

WEIGHT = np.array([0.5, 3.0, 1.0, 0.0, 2.0])
NAMES = ("smin", "fmax_weighted")


@pytest.mark.parametrize("name", NAMES)
def test_counting_a_unit_k_times_equals_repeating_its_rows(name: str) -> None:
    metric = weighted_metrics(WEIGHT)[name]
    for seed in range(5):
        case = random_case(metric, seed)
        unit = (case.unit - 100) // 7
        count = np.random.default_rng(seed).integers(0, 4, size=12)
        count[0] = 2
        rows = np.repeat(np.arange(unit.size), count[unit])
        repeated = metric.function(case.target[rows], case.score[rows], None)
        assert metric.by_unit(case.target, case.score, None, unit)(count) == pytest.approx(repeated, abs=1e-12)
        order = np.random.default_rng(seed).permutation(len(case.target))
        shuffled = metric.function(case.target[order], case.score[order], None)
        assert shuffled == pytest.approx(metric.function(case.target, case.score, None), abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_masked_rows_and_labels_without_weight_are_as_if_absent(name: str) -> None:
    metric, case = weighted_metrics(WEIGHT)[name], random_case(weighted_metrics(WEIGHT)["smin"], 3)
    mask = np.random.default_rng(4).random(len(case.target)) < 0.6
    kept = metric.function(case.target[mask], case.score[mask], None)
    assert metric.function(case.target, case.score, mask) == pytest.approx(kept, abs=1e-12)
    heavy = WEIGHT > 0
    without = weighted_metrics(WEIGHT[heavy])[name].function(case.target[:, heavy], case.score[:, heavy], None)
    with_labels = case.target[:, heavy].any(1)
    full = metric.function(case.target[with_labels], case.score[with_labels], None)
    assert full == pytest.approx(
        weighted_metrics(WEIGHT[heavy])[name].function(
            case.target[with_labels][:, heavy], case.score[with_labels][:, heavy], None
        ),
        abs=1e-12,
    )
    assert np.isfinite(without)


def test_equal_weights_give_plain_fmax_and_intervals_hold_the_value() -> None:
    metric = weighted_metrics(np.full(5, 2.5))["fmax_weighted"]
    case = random_case(metric, 1)
    assert metric.function(case.target, case.score, None) == pytest.approx(fmax(case.target, case.score), abs=1e-12)
    for name in NAMES:
        found = bootstrap_interval(weighted_metrics(WEIGHT)[name], case.target, case.score, case.unit, 50)
        assert found.low <= found.estimate <= found.high


def test_wrong_weights_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="0 or more"):
        weighted_metrics(np.array([-1.0, 1.0]))
