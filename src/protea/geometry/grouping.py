"""Items in groups by a whole-number key: a counting sort on a CPU, where a comparison sort takes four times as long.

Axes: item, group. The order is stable: items of one group stay in the order they came in.
"""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from scipy import sparse
from torch import Tensor

from protea.errors import ContractError, describe
from protea.geometry.segments import ptr_from_lengths

__all__ = ["Grouping", "group_items"]


class Grouping(NamedTuple):
    """Group g holds the items `order[ptr[g]:ptr[g + 1]]`, rising."""

    order: Int[Tensor, " item"]
    ptr: Int[Tensor, " group_plus_1"]


def group_items(key: Int[Tensor, " item"], num_groups: int) -> Grouping:
    """Return the items of every group; keys run from 0 to `num_groups` - 1.

    Raises:
        ContractError: on a CPU, if a key is outside that range.
    """
    if key.device.type != "cpu":
        ptr = ptr_from_lengths(torch.bincount(key, minlength=num_groups))
        return Grouping(torch.argsort(key, stable=True), ptr)
    if len(key) and not 0 <= (bounds := torch.aminmax(key)).min <= bounds.max < num_groups:
        found = f"{int(bounds.min)} to {int(bounds.max)}"
        raise ContractError(describe("a key without a group", expected=f"0 to {num_groups - 1}", found=found))
    # A matrix of one row and a column per group, turned from rows to columns, is a counting sort in compiled code.
    row = (np.arange(len(key)), key.numpy(), np.array([0, len(key)]))
    columns = sparse.csr_array(row, shape=(1, num_groups)).tocsc()
    return Grouping(torch.from_numpy(columns.data), torch.from_numpy(columns.indptr.astype(np.int64)))
