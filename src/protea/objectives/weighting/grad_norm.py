"""Weights by the norms of gradients: every objective pulls about equally, and one that lags behind pulls more.

Chen et al. 2018: G = |gradient of w L on the last shared matrix|, target = mean G * r^a with r = (L / L at the first
step) over its mean; the weights descend sum |G - target| with the target held fixed, and are rescaled to sum to their
number. The derivative of G by w is the norm of the unweighted gradient, so no second backward pass is needed.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.errors import InputError, describe
from protea.objectives.weighting.interface import GradientsOf, ObjectiveFacts, Weighting, WeightingConfig

__all__ = ["GradNormWeighting", "GradNormWeightingConfig"]

_LEAST, _TINY = 1e-3, 1e-12
"""Weights stay above the first: one of 0 could never grow again. No loss is divided by less than the second."""


class GradNormWeightingConfig(WeightingConfig):
    """Weights that make the gradients of all objectives alike in norm."""

    kind: Literal["grad_norm"] = "grad_norm"
    power: float = Field(
        1.5, ge=0, description="How much an objective that lags behind is favoured; less if all are alike."
    )
    learning_rate: float = Field(0.025, gt=0, description="Step size of the weights.")

    def build(self, facts: Mapping[str, ObjectiveFacts]) -> "GradNormWeighting":
        """Return the rule for these objectives."""
        return GradNormWeighting(facts, self.power, self.learning_rate)


class GradNormWeighting(Weighting):
    """Remembers the weights, and the loss of each objective when it was first seen (NaN before)."""

    gradients_of: ClassVar[GradientsOf] = "last_shared"
    weight: Tensor
    first: Tensor

    def __init__(self, facts: Mapping[str, ObjectiveFacts], power: float, learning_rate: float) -> None:
        super().__init__(facts)
        self.power, self.learning_rate = power, learning_rate
        self.register_buffer("weight", torch.ones(len(facts)))
        self.register_buffer("first", torch.full((len(facts),), torch.nan))

    def multipliers(self, present: Sequence[str]) -> dict[str, Float[Tensor, ""]]:
        """Return the configured weight times that of the rule."""
        return {name: self.facts[name].weight * self.weight[self.place_of[name]] for name in present}

    def take_gradients(
        self, gradients: Mapping[str, Float[Tensor, " number"]], means: Mapping[str, Float[Tensor, ""]]
    ) -> None:
        """Move the weights of the objectives of the step; the sum of their gradients stays.

        Raises:
            InputError: a mean loss below 0, as likelihoods of numbers may have: the ratio to its first says nothing.
        """
        below = {name: float(means[name]) for name in gradients if means[name] < 0}
        if below:
            raise InputError(
                describe("grad_norm cannot weigh a loss below 0", expected="losses from 0 on",
                         found=", ".join(f"{name} has {value:g}" for name, value in below.items()),
                         do="Take another weighting, or an objective whose loss has 0 as its least value.")
            )  # fmt: skip
        rows = torch.tensor([self.place_of[name] for name in gradients], device=self.weight.device)
        norm = torch.stack([gradients[name].norm() for name in gradients]).to(self.weight)
        loss = torch.stack([means[name] for name in gradients]).to(self.weight)
        self.first[rows] = torch.where(self.first[rows].isnan(), loss, self.first[rows])
        before = self.weight[rows]
        pull = before * norm
        ratio = loss / self.first[rows].clamp_min(_TINY)
        target = pull.mean() * (ratio / ratio.mean().clamp_min(_TINY)) ** self.power
        moved = (before - self.learning_rate * (pull - target).sign() * norm).clamp_min(_LEAST)
        # Those that are not in the step keep theirs, so the sum over all stays the number of objectives.
        self.weight[rows] = moved * before.sum() / moved.sum()
