"""Weights by how fast losses fall: an objective that falls slowly counts more.

Liu, Johns and Davison 2019, equation 7: r = L(epoch - 1) / L(epoch - 2), w = T exp(r / temperature) / sum of the same,
T being the number of objectives; 1 in the first two epochs.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.objectives.weighting.interface import ObjectiveFacts, Weighting, WeightingConfig

__all__ = ["DynamicAverageWeighting", "DynamicAverageWeightingConfig"]


class DynamicAverageWeightingConfig(WeightingConfig):
    """Weights by how fast the mean training losses fall from epoch to epoch."""

    kind: Literal["dynamic_average"] = "dynamic_average"
    temperature: float = Field(2.0, gt=0, description="High: all weights near 1.")

    def build(self, facts: Mapping[str, ObjectiveFacts]) -> "DynamicAverageWeighting":
        """Return the rule for these objectives."""
        return DynamicAverageWeighting(facts, self.temperature)


class DynamicAverageWeighting(Weighting):
    """Remembers the mean losses of the last two epochs, and the sums of the epoch that is going on.

    An objective without an item in an epoch keeps its last mean.
    """

    last: Tensor
    before: Tensor
    loss_sum: Tensor
    count: Tensor

    def __init__(self, facts: Mapping[str, ObjectiveFacts], temperature: float) -> None:
        super().__init__(facts)
        self.temperature = temperature
        for name in ("last", "before"):
            self.register_buffer(name, torch.full((len(facts),), torch.nan))
        for name in ("loss_sum", "count"):
            self.register_buffer(name, torch.zeros(len(facts), dtype=torch.float64))

    def multipliers(self, present: Sequence[str]) -> dict[str, Float[Tensor, ""]]:
        """Return the configured weight times that of the rule, which is over all objectives, present or not."""
        # Of an objective that has no two epochs yet, nothing is known: it counts as one that does not change.
        is_known = ~self.before.isnan() & (self.before > 0)
        rate = torch.where(is_known, self.last / self.before, torch.ones_like(self.last))
        share = torch.softmax(rate / self.temperature, dim=0) * len(self.names)
        return {name: self.facts[name].weight * share[self.place_of[name]] for name in present}

    def take_losses(self, sums: Mapping[str, Float[Tensor, ""]], counts: Mapping[str, Float[Tensor, ""]]) -> None:
        """Add up losses and counts of the epoch."""
        for name, value in sums.items():
            self.loss_sum[self.place_of[name]] += float(value)
            self.count[self.place_of[name]] += float(counts[name])

    def end_epoch(self) -> None:
        """Move the means of the epoch to the last."""
        mean = (self.loss_sum / self.count.clamp_min(1)).to(self.last)
        is_seen = self.count > 0
        self.before = torch.where(is_seen, self.last, self.before)
        self.last = torch.where(is_seen, mean, self.last)
        self.loss_sum, self.count = torch.zeros_like(self.loss_sum), torch.zeros_like(self.count)
