"""Gradients that point against each other are projected before they are added (PCGrad).

Yu et al. 2020, algorithm 1: for each objective, over the others in random order, g -= (g . h / |h|^2) h wherever
g . h < 0, h being the other's own gradient as it was; the update is the sum. Shared parameters only: a head belongs to
one objective and has no conflict.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from protea.objectives.weighting.interface import GradientsOf, ObjectiveFacts, Weighting, WeightingConfig

__all__ = ["ProjectedGradients", "ProjectedGradientsConfig", "without_conflicts"]


class ProjectedGradientsConfig(WeightingConfig):
    """The configured weights, and gradients without the parts that point against each other."""

    kind: Literal["projected_gradients"] = "projected_gradients"

    def build(self, facts: Mapping[str, ObjectiveFacts]) -> "ProjectedGradients":
        """Return the rule for these objectives."""
        return ProjectedGradients(facts)


class ProjectedGradients(Weighting):
    """Remembers nothing; the order is drawn from torch's generator, which a step seeds."""

    gradients_of: ClassVar[GradientsOf] = "shared"

    def multipliers(self, present: Sequence[str]) -> dict[str, float]:
        """Return the configured weights."""
        return {name: self.facts[name].weight for name in present}

    def take_gradients(
        self, gradients: Mapping[str, Float[Tensor, " number"]], means: Mapping[str, Float[Tensor, ""]]
    ) -> Float[Tensor, " number"]:
        """Return the sum of the projected gradients."""
        return without_conflicts(list(gradients.values()))


def without_conflicts(gradients: Sequence[Float[Tensor, " number"]]) -> Float[Tensor, " number"]:
    """Return the sum of gradients, each without what points against another."""
    total = torch.zeros_like(gradients[0])
    for place, own in enumerate(gradients):
        found = own.clone()
        for other in torch.randperm(len(gradients)).tolist():
            along = float(found @ gradients[other])
            if other != place and along < 0:
                found -= along / gradients[other].square().sum() * gradients[other]
        total += found
    return total
