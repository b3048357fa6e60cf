"""Weights by hand from four losses; ones before; sums over unequal batches; the state survives."""

import math

import pytest

from protea.objectives.weighting.dynamic_average import DynamicAverageWeighting, DynamicAverageWeightingConfig
from tests.objectives.weighting.made_tasks import FACTS, number


def weights(rule: DynamicAverageWeighting) -> list[float]:
    return [float(value) for value in rule.multipliers(["a", "b"]).values()]


def epoch(rule: DynamicAverageWeighting, a: float, b: float | None) -> None:
    """Two steps of one and three items, with this mean."""
    for count in (1.0, 3.0):
        means = {"a": a} if b is None else {"a": a, "b": b}
        rule.take_losses({n: number(v * count) for n, v in means.items()}, dict.fromkeys(means, number(count)))
    rule.end_epoch()


def test_weights_by_hand() -> None:
    rule = DynamicAverageWeightingConfig().build(FACTS)
    assert weights(rule) == [1.0, 1.0]
    epoch(rule, 4.0, 1.0)
    assert weights(rule) == [1.0, 1.0]
    epoch(rule, 2.0, 0.9)
    one, other = math.exp(0.5 / 2), math.exp(0.9 / 2)
    assert weights(rule) == pytest.approx([2 * one / (one + other), 2 * other / (one + other)], rel=1e-6)
    assert sum(weights(rule)) == pytest.approx(2.0, rel=1e-6)


def test_an_objective_without_items_keeps_its_means() -> None:
    rule = DynamicAverageWeighting(FACTS, 2.0)
    epoch(rule, 4.0, 1.0)
    epoch(rule, 2.0, 0.9)
    before = weights(rule)
    epoch(rule, 1.0, None)
    assert rule.last.tolist() == pytest.approx([1.0, 0.9])
    assert rule.before.tolist() == pytest.approx([2.0, 1.0])
    assert weights(rule) == pytest.approx(before)


def test_the_state_is_taken_up_in_the_middle_of_an_epoch() -> None:
    rule, other = DynamicAverageWeighting(FACTS, 2.0), DynamicAverageWeighting(FACTS, 2.0)
    epoch(rule, 4.0, 1.0)
    rule.take_losses({"a": number(3.0), "b": number(0.5)}, {"a": number(1.0), "b": number(1.0)})
    other.load_state_dict(rule.state_dict())
    for one in (rule, other):
        one.end_epoch()
    assert weights(rule) == weights(other) != [1.0, 1.0]
