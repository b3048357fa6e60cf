"""The precision of losses and scores: never below float32, and that of the model where it is higher."""

import torch
from torch import Tensor

__all__ = ["full_precision"]


def full_precision(value: Tensor) -> Tensor:
    """Return the tensor in float32, or as it is where it is float64: sums of halves would lose what they add."""
    return value.to(torch.promote_types(value.dtype, torch.float32))
