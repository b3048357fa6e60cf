"""A fitted linear map from columns to answers, as arrays: what ridge and logistic regression come down to.

Numbers come in transformed units, yes or no and labels as probabilities, classes as one probability each. Axes:
example, column, answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import expit, softmax

from protea.applications.properties.labels.property import ValueKind

__all__ = ["LinearAnswer"]


@dataclass(frozen=True, eq=False)
class LinearAnswer:
    """Weights and intercepts; called with columns (dense or sparse) it answers."""

    kind: ValueKind
    weight: Float[np.ndarray, "column answer"]
    bias: Float[np.ndarray, " answer"]

    def __call__(self, columns: Any) -> Float[np.ndarray, "example *answer"]:
        """Return the answer to each row."""
        raw = np.asarray(columns @ self.weight) + self.bias
        if self.kind == "value":
            return raw[:, 0]
        if self.kind == "classes":
            return np.asarray(softmax(raw, axis=1))
        found = np.asarray(expit(raw))
        return found[:, 0] if self.kind == "binary" else found

    def before_standardising(
        self, mean: Float[np.ndarray, " column"], spread: Float[np.ndarray, " column"]
    ) -> "LinearAnswer":
        """Return the map of plain columns that equals this one of (columns - mean) / spread."""
        weight = self.weight / spread[:, None]
        return LinearAnswer(self.kind, weight, self.bias - mean @ weight)

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return the arrays under names that begin with `name`."""
        return {f"{name}.weight": np.ascontiguousarray(self.weight), f"{name}.bias": np.ascontiguousarray(self.bias)}

    @classmethod
    def from_arrays(cls, name: str, kind: ValueKind, arrays: Mapping[str, np.ndarray]) -> "LinearAnswer":
        """Return the map that `arrays` wrote; raise KeyError where it is not among them."""
        return cls(kind, arrays[f"{name}.weight"], arrays[f"{name}.bias"])
