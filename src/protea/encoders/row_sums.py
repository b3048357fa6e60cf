"""Sums of chosen rows: the one operation by which messages travel, forward and backward, without a scatter.

An `Incidence` says which rows of a table each segment adds up. Its transpose says in which segments each row is used,
so that the backward pass is a sum of chosen rows as well. Nothing the size of the edges is materialised.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.geometry.grouping import Grouping, group_items

__all__ = ["Incidence", "row_sums", "sum_rows"]


@dataclass(frozen=True, eq=False)
class Incidence:
    """Segment s adds up the rows `row[ptr[s]:ptr[s + 1]]` of a table of `num_rows`."""

    row: Int[Tensor, " item"]
    ptr: Int[Tensor, " segment_plus_1"]
    num_rows: int

    @cached_property
    def segment(self) -> Int[Tensor, " item"]:
        """The segment of every item, rising."""
        index = torch.arange(len(self.ptr) - 1, device=self.row.device)
        return torch.repeat_interleave(index, self.ptr.diff(), output_size=len(self.row))

    @cached_property
    def _by_row(self) -> Grouping:
        return group_items(self.row, self.num_rows)

    @property
    def order(self) -> Int[Tensor, " item"]:
        """The items in the order of their rows, rising within each row."""
        return self._by_row.order

    @cached_property
    def transposed(self) -> "Incidence":
        """Which segments use each row."""
        return Incidence(self.segment[self.order], self._by_row.ptr, len(self.ptr) - 1)


def row_sums(
    value: Float[Tensor, "row channel"],
    index: Int[Tensor, " item"],
    ptr: Int[Tensor, " segment_plus_1"],
    weight: Float[Tensor, " item"] | None = None,
) -> Float[Tensor, "segment channel"]:
    """Return for every segment s the weighted sum of the rows `index[ptr[s]:ptr[s + 1]]` (no gradient)."""
    if len(index) == 0:
        return value.new_zeros(len(ptr) - 1, value.shape[1])
    total: Tensor = torch.embedding_bag(
        value.detach(), index, ptr, mode=0, include_last_offset=True, per_sample_weights=weight
    )[0]
    return total


class _SumRows(torch.autograd.Function):
    """`row_sums`, and its transpose for the gradient."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, incidence: Incidence) -> Tensor:
        ctx.incidence = incidence
        return row_sums(value, incidence.row, incidence.ptr)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        transposed = ctx.incidence.transposed
        return row_sums(grad.contiguous(), transposed.row, transposed.ptr), None


def sum_rows(value: Float[Tensor, "row channel"], incidence: Incidence) -> Float[Tensor, "segment channel"]:
    """Return the sum of the rows of every segment (differentiable once)."""
    total: Tensor = _SumRows.apply(value, incidence)
    return total
