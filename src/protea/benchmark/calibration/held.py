"""Predictions with their truth, of items that were not trained on: what is calibrated on, and what is judged.

Axes: item, class.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Shaped

from protea.benchmark.calibration.order_statistic import unit_index
from protea.errors import InputError, describe

__all__ = ["Held", "HeldKind"]

HeldKind = Literal["value", "yes_no", "classes"]


@dataclass(frozen=True, eq=False)
class Held:
    """One part of the data. `value` is a predicted value or the probability of 1; classes have log-probabilities."""

    kind: HeldKind
    target: Shaped[np.ndarray, " item"]
    unit: Shaped[np.ndarray, " item"]
    """What is exchangeable: the protein of a residue, or the item itself."""
    value: Float[np.ndarray, " item"] | None = None
    sigma: Float[np.ndarray, " item"] | None = None
    low: Float[np.ndarray, " item"] | None = None
    high: Float[np.ndarray, " item"] | None = None
    """Predicted quantiles."""
    logits: Float[np.ndarray, "item class"] | None = None
    group: Shaped[np.ndarray, " item"] | None = None
    """Names of groups that are known without the target."""

    def __post_init__(self) -> None:
        needed = self.logits if self.kind == "classes" else self.value
        if needed is None or self.target.size == 0:
            raise InputError(
                describe(f"{self.target.size} items of kind {self.kind}", expected="some, with predictions")
            )
        if (self.low is None) != (self.high is None):
            raise InputError(describe("one quantile without the other", expected="both or none"))
        for field in fields(self):
            array = getattr(self, field.name)
            if isinstance(array, np.ndarray) and len(array) != self.target.size:
                raise InputError(describe(f"{field.name} has {len(array)} rows", expected=f"{self.target.size}"))

    @property
    def num_units(self) -> int:
        """How many units there are."""
        return int(np.unique(self.unit).size)

    @property
    def has_single_items(self) -> bool:
        """Whether each unit is one item."""
        return self.num_units == self.target.size

    @property
    def item_weight(self) -> Float[np.ndarray, " item"]:
        """1 / (items of the unit): each unit counts once."""
        unit_of = unit_index(self.unit, self.target.size)
        weight: np.ndarray = 1.0 / np.bincount(unit_of)[unit_of]
        return weight

    def only(self, keep: Bool[np.ndarray, " item"]) -> "Held":
        """Return some of the items."""
        chosen = {
            field.name: getattr(self, field.name)[keep]
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(self, **chosen)
