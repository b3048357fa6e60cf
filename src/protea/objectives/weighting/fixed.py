"""The weights as they are configured, the same all along."""

from collections.abc import Mapping, Sequence
from typing import Literal

from protea.objectives.weighting.interface import ObjectiveFacts, Weighting, WeightingConfig

__all__ = ["FixedWeighting", "FixedWeightingConfig"]


class FixedWeightingConfig(WeightingConfig):
    """The configured weights."""

    kind: Literal["fixed"] = "fixed"

    def build(self, facts: Mapping[str, ObjectiveFacts]) -> "FixedWeighting":
        """Return the rule for these objectives."""
        return FixedWeighting(facts)


class FixedWeighting(Weighting):
    """Remembers nothing."""

    def multipliers(self, present: Sequence[str]) -> dict[str, float]:
        """Return the configured weights."""
        return {name: self.facts[name].weight for name in present}
