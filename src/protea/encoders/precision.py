"""The precision in which an encoder computes: that of its weights, or of autocast where it is on."""

import torch
from torch import Tensor

__all__ = ["compute_dtype"]


def compute_dtype(weight: Tensor) -> torch.dtype:
    """Return the dtype of matrix products with this weight here and now."""
    device = weight.device.type
    if torch.is_autocast_enabled(device) and weight.dtype != torch.float64:
        return torch.get_autocast_dtype(device)
    return weight.dtype
