"""What a rule of weighting is: multipliers before the backward pass, and what it learns from the step.

A step calls, in this order: `multipliers` (for the objectives that have supervised items in it), `penalty` (added
once), `take_gradients` (only where `gradients_of` is not `none`), `take_losses`; an epoch ends with `end_epoch`.
Whatever a rule remembers is a parameter or a buffer, so that a checkpoint holds it. Axes: objective.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

from jaxtyping import Float
from torch import Tensor, nn

from protea.config import Config

__all__ = ["GradientsOf", "ObjectiveFacts", "Weighting", "WeightingConfig"]

GradientsOf = Literal["none", "last_shared", "shared"]
"""Of which parameters a rule needs the gradient of each objective apart: none, the last shared matrix, all shared."""


class ObjectiveFacts(NamedTuple):
    """What a rule must know of an objective: its configured weight, and whether its loss is a squared error."""

    weight: float
    is_regression: bool


class Weighting(nn.Module, ABC):
    """Base of all rules; a subclass is final."""

    gradients_of: ClassVar[GradientsOf] = "none"

    def __init__(self, facts: Mapping[str, ObjectiveFacts]) -> None:
        super().__init__()
        self.facts = dict(facts)
        self.names = tuple(facts)
        self.place_of = {name: place for place, name in enumerate(facts)}

    @abstractmethod
    def multipliers(self, present: Sequence[str]) -> dict[str, Float[Tensor, ""]] | dict[str, float]:
        """Return what the mean loss of each objective is multiplied by, its configured weight included."""

    def penalty(self, present: Sequence[str]) -> Float[Tensor, ""] | None:
        """Return what is added to the loss once a step; None where nothing is."""
        return None

    def take_losses(self, sums: Mapping[str, Float[Tensor, ""]], counts: Mapping[str, Float[Tensor, ""]]) -> None:
        """Take note of the losses of a step, over all its batches and processes."""

    def take_gradients(
        self, gradients: Mapping[str, Float[Tensor, " number"]], means: Mapping[str, Float[Tensor, ""]]
    ) -> Float[Tensor, " number"] | None:
        """Return the gradient that takes the place of the sum; None where the sum stays.

        Args:
            gradients: of the mean loss of each objective times its configured weight, end to end.
            means: the mean losses.
        """
        return None

    def end_epoch(self) -> None:
        """Take note that an epoch is over."""


class WeightingConfig(Config, ABC):
    """Base of all configurations; the subclass adds `kind: Literal[...]`."""

    @abstractmethod
    def build(self, facts: Mapping[str, ObjectiveFacts]) -> Weighting:
        """Return the rule for these objectives."""
