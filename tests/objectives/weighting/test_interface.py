"""The default of every hook changes nothing."""

from protea.objectives.weighting.fixed import FixedWeighting
from tests.objectives.weighting.made_tasks import FACTS, number


def test_a_rule_without_hooks_changes_nothing() -> None:
    rule = FixedWeighting(FACTS)
    before = rule.multipliers(["a", "b"])
    rule.take_losses({"a": number(3.0)}, {"a": number(1.0)})
    rule.end_epoch()
    assert rule.take_gradients({"a": number(1.0)[None]}, {"a": number(1.0)}) is None
    assert rule.penalty(["a"]) is None
    assert rule.multipliers(["a", "b"]) == before
    assert not list(rule.state_dict())
    assert rule.place_of == {"a": 0, "b": 1}
