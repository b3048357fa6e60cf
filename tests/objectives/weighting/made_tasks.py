"""Two quadratic tasks on one shared number: losses (x - 1)^2 and (2 x + 2)^2, with everything known by hand."""

import torch
from torch import Tensor

from protea.objectives.weighting.interface import ObjectiveFacts

FACTS = {"a": ObjectiveFacts(1.0, True), "b": ObjectiveFacts(1.0, False)}


def losses(x: Tensor) -> dict[str, Tensor]:
    return {"a": (x - 1) ** 2, "b": (2 * x + 2) ** 2}


def number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)
