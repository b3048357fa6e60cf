"""Fixed weights are those of the configuration, for what is in the step."""

from protea.objectives.weighting.fixed import FixedWeightingConfig
from protea.objectives.weighting.interface import ObjectiveFacts


def test_multipliers_are_the_configured_weights() -> None:
    rule = FixedWeightingConfig().build({"a": ObjectiveFacts(0.25, True), "b": ObjectiveFacts(2.0, False)})
    assert {name: float(value) for name, value in rule.multipliers(["a", "b"]).items()} == {"a": 0.25, "b": 2.0}
    assert set(rule.multipliers(["b"])) == {"b"}
