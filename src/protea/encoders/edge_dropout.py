"""Dropout masks for large edge tensors, drawn in a quarter of the time: four decisions from one random number."""

import torch
from jaxtyping import Shaped
from torch import Tensor

__all__ = ["keep_mask"]

_LEVELS = 1 << 16
_BLOCK_VALUES = 1 << 18
"""Values drawn at a time on a CPU: the random numbers never leave the cache."""


def keep_mask(num_rows: int, num_columns: int, probability: float, like: Tensor) -> Shaped[Tensor, "row column"]:
    """Return 1 where a value is kept and 0 where it is dropped, which happens with this probability.

    The probability is met to within 1/65536. The mask has the dtype of `like` where that has 16 bits, and is boolean
    otherwise: multiplying by a mask of the same type is several times faster, and in 16 bits costs little memory.
    """
    dtype = like.dtype if like.element_size() == 2 else torch.bool
    mask = torch.empty(num_rows * num_columns, dtype=dtype, device=like.device)
    least = round(probability * _LEVELS) - _LEVELS // 2
    step = _BLOCK_VALUES if mask.device.type == "cpu" else max(1, len(mask))
    for start in range(0, len(mask), step):
        block = mask[start : start + step]
        numbers = torch.empty(-(-len(block) // 4), dtype=torch.int64, device=mask.device).random_(-(1 << 63), None)
        block.copy_(numbers.view(torch.int16)[: len(block)] >= least)
    return mask.view(num_rows, num_columns)
