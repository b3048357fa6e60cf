"""A learned variance per objective: a loss that stays high is trusted less.

Kendall, Gal and Cipolla 2018, equations 7 and 10, with s = log variance: exp(-s) L / 2 + s / 2 for a squared error,
exp(-s) L + s / 2 for a cross-entropy. s begins at 0, is used within [-5, 5], and has no weight decay: a decay would
pull every variance to 1.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.objectives.weighting.interface import ObjectiveFacts, Weighting, WeightingConfig

__all__ = ["UncertaintyWeighting", "UncertaintyWeightingConfig"]

_LIMIT = 5.0


class UncertaintyWeightingConfig(WeightingConfig):
    """A learned variance per objective."""

    kind: Literal["uncertainty"] = "uncertainty"

    def build(self, facts: Mapping[str, ObjectiveFacts]) -> "UncertaintyWeighting":
        """Return the rule for these objectives."""
        return UncertaintyWeighting(facts)


class UncertaintyWeighting(Weighting):
    """`log_variance` is trained beside the model."""

    def __init__(self, facts: Mapping[str, ObjectiveFacts]) -> None:
        super().__init__(facts)
        self.log_variance = nn.Parameter(torch.zeros(len(facts)))

    def multipliers(self, present: Sequence[str]) -> dict[str, Float[Tensor, ""]]:
        """Return weight times exp(-s), halved for a squared error."""
        precision = torch.exp(-self.log_variance.clamp(-_LIMIT, _LIMIT))
        halves = {name: 0.5 if self.facts[name].is_regression else 1.0 for name in present}
        return {name: self.facts[name].weight * halves[name] * precision[self.place_of[name]] for name in present}

    def penalty(self, present: Sequence[str]) -> Float[Tensor, ""]:
        """Return weight times s / 2, summed over the objectives of the step: without it every variance would grow."""
        half = self.log_variance.clamp(-_LIMIT, _LIMIT) / 2
        terms = [self.facts[name].weight * half[self.place_of[name]] for name in present]
        return torch.stack(terms).sum() if terms else half.sum() * 0
