"""Activations by the names that published configurations use."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["ACTIVATIONS", "Activation"]

Activation = Literal["relu", "elu", "leaky_relu", "tanh", "sigmoid", "none", "silu", "swish"]


def _identity(value: Tensor) -> Tensor:
    return value


ACTIVATIONS: Mapping[Activation, Callable[[Tensor], Tensor]] = MappingProxyType(
    {
        "relu": torch.relu,
        "elu": F.elu,
        "leaky_relu": F.leaky_relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "none": _identity,
        "silu": F.silu,
        "swish": F.silu,
    }
)
"""By name; swish is another name of silu, the slope of leaky_relu is 0.01."""
