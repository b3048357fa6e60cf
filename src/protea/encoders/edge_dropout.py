"""Dropout masks for large edge tensors, drawn in a quarter of the time: four decisions from one random number."""

import torch
from jaxtyping import Num, Shaped
from torch import Tensor

__all__ = ["keep_mask"]

_LEVELS = 1 << 16


def keep_mask(num_rows: int, num_columns: int, probability: float, like: Tensor) -> Shaped[Tensor, "row column"]:
    """Return 1 where a value is kept and 0 where it is dropped, which happens with this probability.

    The probability is met to within 1/65536. The mask has the dtype of `like` where that has 16 bits, and is boolean
    otherwise: multiplying by a mask of the same type is several times faster, and in 16 bits costs little memory.
    """
    size = num_rows * num_columns
    numbers = torch.empty(-(-size // 4), dtype=torch.int64, device=like.device).random_(-(1 << 63), None)
    draws: Num[Tensor, " draw"] = numbers.view(torch.int16)[:size].view(num_rows, num_columns)
    is_kept = draws >= round(probability * _LEVELS) - _LEVELS // 2
    return is_kept.to(like.dtype) if like.element_size() == 2 else is_kept
