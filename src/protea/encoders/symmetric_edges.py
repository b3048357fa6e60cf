"""A graph read both ways: if i is a neighbour of j, j is one of i. Edges stand in tables of residues of like degree.

Rows are sorted by degree (`order`), and each residue has a multiple of four slots, so that residues with as many slots
form a dense table and a sum over neighbours is a matrix product. Empty slots point to their own row and carry a 0.
Every slot knows the slot of the opposite edge; so to send back along the edges is to gather, in both passes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.row_sums import row_sums
from protea.geometry.segments import ptr_from_lengths

__all__ = ["SlotBlock", "SymmetricEdges", "symmetric_edges"]

_STEP = 4


@dataclass(frozen=True)
class SlotBlock:
    """Consecutive rows with `width` slots each, and those slots."""

    rows: slice
    slots: slice
    width: int


@dataclass(frozen=True, eq=False)
class SymmetricEdges:
    """Slots sorted by receiving row.

    Attributes:
        order: the residue of every row.
        rank: the row of every residue.
        source: the row that the slot hears.
        centre: the row that the slot belongs to.
        is_edge: whether the slot is filled.
        opposite: the slot of the opposite edge; an empty slot is its own.
        slot_ptr: slots `slot_ptr[i]:slot_ptr[i + 1]` belong to row i.
        degree: number of edges of every row.
        tables: (first row, one past the last, slots per row) of rows with as many slots, where they have any.
    """

    order: Int[Tensor, " row"]
    rank: Int[Tensor, " row"]
    source: Int[Tensor, " slot"]
    centre: Int[Tensor, " slot"]
    is_edge: Bool[Tensor, " slot"]
    opposite: Int[Tensor, " slot"]
    slot_ptr: Int[Tensor, " row_plus_1"]
    degree: Int[Tensor, " row"]
    tables: tuple[tuple[int, int, int], ...]

    def blocks(self, rows_at_a_time: int) -> tuple[SlotBlock, ...]:
        """Return blocks of at most so many rows (at least one) that cover all slots."""
        found, slot = [], 0
        for first, stop, width in self.tables:
            for start in range(first, stop, max(1, rows_at_a_time)):
                end = min(start + max(1, rows_at_a_time), stop)
                size = (end - start) * width
                found.append(SlotBlock(slice(start, end), slice(slot, slot + size), width))
                slot += size
        return tuple(found)

    @cached_property
    def every_slot(self) -> Int[Tensor, " slot"]:
        """0, 1, 2, ..."""
        return torch.arange(len(self.source), device=self.source.device)

    def gather(self, value: Float[Tensor, "row channel"]) -> Float[Tensor, "slot channel"]:
        """Return what every slot hears (differentiable once)."""
        result: Tensor = _Gather.apply(value, self)
        return result

    def spread(self, value: Float[Tensor, "row channel"]) -> Float[Tensor, "slot channel"]:
        """Return the value of the row that every slot belongs to (differentiable once)."""
        result: Tensor = _Spread.apply(value, self)
        return result

    def turn(self, value: Float[Tensor, "slot channel"]) -> Float[Tensor, "slot channel"]:
        """Return the value of the opposite edge (differentiable once)."""
        result: Tensor = _Turn.apply(value, self)
        return result

    def total(self, value: Float[Tensor, "slot channel"]) -> Float[Tensor, "row channel"]:
        """Return the sum over the slots of every row (no gradient)."""
        return row_sums(value, self.every_slot, self.slot_ptr)

    def total_sent(self, value: Float[Tensor, "slot channel"]) -> Float[Tensor, "row channel"]:
        """Return the sum over the opposites of the slots of every row (differentiable once)."""
        result: Tensor = _TotalSent.apply(value, self)
        return result


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, edges: SymmetricEdges) -> Tensor:
        ctx.edges = edges
        return value.index_select(0, edges.source)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return row_sums(grad.contiguous(), ctx.edges.opposite, ctx.edges.slot_ptr), None


class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, edges: SymmetricEdges) -> Tensor:
        ctx.edges = edges
        return value.index_select(0, edges.centre)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return ctx.edges.total(grad.contiguous()), None


class _Turn(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, edges: SymmetricEdges) -> Tensor:
        ctx.edges = edges
        return value.index_select(0, edges.opposite)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return grad.index_select(0, ctx.edges.opposite), None


class _TotalSent(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, edges: SymmetricEdges) -> Tensor:
        ctx.edges = edges
        return row_sums(value, edges.opposite, edges.slot_ptr)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        # The opposite of a slot belongs to the row that the slot hears.
        return grad.index_select(0, ctx.edges.source), None


def symmetric_edges(edges: CentredEdges) -> SymmetricEdges:
    """Return the edges and their opposites, each once."""
    size = max(edges.num_residues, 1)
    key = torch.cat([edges.centre * size + edges.source, edges.source * size + edges.centre]).unique()
    centre, source = key // size, key % size
    opposite = torch.argsort(source * size + centre)
    degree = torch.bincount(centre, minlength=edges.num_residues)
    width = (degree + _STEP - 1) // _STEP * _STEP
    order = torch.argsort(width, stable=True)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order), device=order.device)
    slot_ptr = ptr_from_lengths(width[order])
    slot = slot_ptr[rank[centre]] + torch.arange(len(key), device=key.device) - ptr_from_lengths(degree)[centre]
    row = torch.arange(len(order), device=order.device)
    centre_of_slot = torch.repeat_interleave(row, width[order])
    every_slot = torch.arange(len(centre_of_slot), device=order.device)
    widths, counts = width[order].unique_consecutive(return_counts=True)
    stops = counts.cumsum(0)
    tables = zip((stops - counts).tolist(), stops.tolist(), widths.tolist(), strict=True)
    return SymmetricEdges(
        order=order,
        rank=rank,
        source=centre_of_slot.index_put((slot,), rank[source]),
        centre=centre_of_slot,
        is_edge=torch.zeros_like(every_slot, dtype=torch.bool).index_fill_(0, slot, True),
        opposite=every_slot.index_put((slot,), slot[opposite]),
        slot_ptr=slot_ptr,
        degree=degree[order],
        tables=tuple(table for table in tables if table[2] > 0),
    )
