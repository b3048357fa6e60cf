"""Neighbours in space within each packed protein: k-nearest tables and radius edges.

Proteins are packed end to end; `residue_ptr` [protein + 1] holds their offsets. No edge crosses a protein border and
no residue is its own neighbour. Neighbours are chosen by squared distance, computed per coordinate in the dtype of
the positions, so that a protein has exactly the same neighbours alone and in a batch. Distances are in angstrom and
differentiable in the positions; the gradient of a zero distance is 0.

Work runs in blocks of a bounded number of pairs (see `pair_blocks`), so memory grows with the number of residues and
never with its square.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.errors import InputError
from protea.geometry.grouping import group_items
from protea.geometry.pair_blocks import pair_blocks
from protea.geometry.segments import check_ptr, ptr_from_lengths

__all__ = ["NeighbourTable", "SegmentedEdges", "TransposedTable", "nearest_neighbours", "radius_edges", "transpose"]

# Stands for infinity in a sort key: above every float32, with no bit set among the column bits.
_NO_PAIR = 2.0**200
_COLUMN_BITS = (1 << 29) - 1


@dataclass(frozen=True, eq=False)
class NeighbourTable:
    """The neighbours of every residue, one row per residue, in rising distance.

    Attributes:
        neighbour: row of the neighbour in the packed residues (int64); the residue itself where there is no edge.
        is_edge: True where the entry is an edge. Edges fill each row from the left.
        distance: distance to the neighbour, angstrom; 0 where there is no edge.
    """

    neighbour: Int[Tensor, "residue k"]
    is_edge: Bool[Tensor, "residue k"]
    distance: Float[Tensor, "residue k"]

    def to(self, device: torch.device | str) -> "NeighbourTable":
        """Return the table on another device."""
        return NeighbourTable(self.neighbour.to(device), self.is_edge.to(device), self.distance.to(device))

    def edge_index(self) -> Int[Tensor, "2 edge"]:
        """Return [source = neighbour, target = centre] of the real edges, by rising target, then rising distance."""
        target, slot = self.is_edge.nonzero(as_tuple=True)
        return torch.stack([self.neighbour[target, slot], target])

    @classmethod
    def from_edge_index(
        cls, edge_index: Int[Tensor, "2 edge"], distance: Float[Tensor, " edge"], num_residues: int
    ) -> "NeighbourTable":
        """Return the table of an edge list [source, target] in any order; k is the largest in-degree (at least 1).

        Raises:
            InputError: if an index lies outside 0 .. num_residues - 1.
        """
        if edge_index.numel() and not 0 <= int(edge_index.min()) <= int(edge_index.max()) < num_residues:
            raise InputError(
                f"edge list points outside the residues: expected indices 0..{num_residues - 1}, found "
                f"{int(edge_index.min())}..{int(edge_index.max())}; check num_residues"
            )
        order = _order_by_target(edge_index[0], edge_index[1], distance)
        source, target = edge_index[0][order], edge_index[1][order]
        degree = torch.bincount(target, minlength=num_residues)
        width = max(int(degree.max()) if num_residues else 0, 1)
        slot = torch.arange(target.shape[0], device=target.device) - ptr_from_lengths(degree)[target]
        neighbour = torch.arange(num_residues, device=target.device)[:, None].repeat(1, width)
        neighbour[target, slot] = source
        is_edge = torch.arange(width, device=target.device) < degree[:, None]
        table = distance.new_zeros(num_residues, width).index_put((target, slot), distance[order])
        return cls(neighbour, is_edge, table)


@dataclass(frozen=True, eq=False)
class SegmentedEdges:
    """Edges of varying degree, sorted by target, in compressed rows.

    Attributes:
        edge_ptr: edges `edge_ptr[i]:edge_ptr[i + 1]` point to residue i.
        source: neighbour of each edge, rising within each target.
        target: centre of each edge, rising.
        distance: angstrom.
    """

    edge_ptr: Int[Tensor, " residue_plus_1"]
    source: Int[Tensor, " edge"]
    target: Int[Tensor, " edge"]
    distance: Float[Tensor, " edge"]

    def to(self, device: torch.device | str) -> "SegmentedEdges":
        """Return the edges on another device."""
        return SegmentedEdges(
            self.edge_ptr.to(device), self.source.to(device), self.target.to(device), self.distance.to(device)
        )

    def edge_index(self) -> Int[Tensor, "2 edge"]:
        """Return [source, target]."""
        return torch.stack([self.source, self.target])


@dataclass(frozen=True, eq=False)
class TransposedTable:
    """For every residue the table entries that point to it.

    Attributes:
        edge_ptr: entries `edge_ptr[j]:edge_ptr[j + 1]` have residue j as their neighbour.
        slot: position `i * k + s` of each entry in the flattened table, rising within each residue.
    """

    edge_ptr: Int[Tensor, " residue_plus_1"]
    slot: Int[Tensor, " edge"]


def transpose(table: NeighbourTable) -> TransposedTable:
    """Return who points to each residue, so that a backward pass can gather instead of scatter."""
    slot = table.is_edge.flatten().nonzero().squeeze(1)
    source = table.neighbour.flatten()[slot]
    order, ptr = group_items(source, table.neighbour.shape[0])
    return TransposedTable(ptr, slot[order])


def nearest_neighbours(
    position: Float[Tensor, "residue 3"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    k: int,
    is_valid: Bool[Tensor, " residue"] | None = None,
) -> NeighbourTable:
    """Return the k nearest residues of the same protein for every residue, ties by index.

    A protein with L valid residues gives min(k, L - 1) edges per row; the rest of the row is masked. Residues with
    `is_valid` False neither have nor are neighbours, and their positions are never read.

    Raises:
        InputError: if k < 1 or a valid position is not finite.
        ContractError: if `residue_ptr` does not cover the positions.
    """
    if k < 1:
        raise InputError(f"nearest_neighbours: expected k >= 1, found {k}; ask for at least one neighbour")
    position, is_valid = _checked(position, residue_ptr, is_valid)
    num_residues = position.shape[0]
    # One row more than there are residues takes what the padding of a block yields.
    neighbour = torch.zeros(num_residues + 1, k, dtype=torch.int64, device=position.device)
    is_edge = torch.zeros(num_residues + 1, k, dtype=torch.bool, device=position.device)
    for block in pair_blocks(position.detach(), residue_ptr, is_valid):
        width = min(k, block.squared.shape[-1])
        column, is_finite = _smallest(block.squared, width)
        row = torch.where(block.is_row, block.row, num_residues).flatten()
        neighbour[:, :width].index_copy_(0, row, column.add_(block.start[:, None, None]).flatten(0, 1))
        is_edge[:, :width].index_copy_(0, row, is_finite.flatten(0, 1))
    neighbour, is_edge = neighbour[:-1], is_edge[:-1]
    itself = torch.arange(num_residues, device=position.device)[:, None]
    neighbour = torch.where(is_edge, neighbour, itself)
    return NeighbourTable(neighbour, is_edge, _distance(position, neighbour, itself, is_edge))


def radius_edges(
    position: Float[Tensor, "residue 3"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    radius: float,
    max_neighbours: int | None = None,
    is_valid: Bool[Tensor, " residue"] | None = None,
) -> SegmentedEdges:
    """Return all edges between residues of the same protein at a distance strictly below `radius` (angstrom).

    With `max_neighbours`, a target with more keeps its nearest (ties by index). Residues with `is_valid` False have
    no edges, and their positions are never read.

    Raises:
        InputError: if radius <= 0, max_neighbours < 1, or a valid position is not finite.
        ContractError: if `residue_ptr` does not cover the positions.
    """
    if not radius > 0:
        raise InputError(f"radius_edges: expected radius > 0 angstrom, found {radius}; give a cutoff such as 10.0")
    if max_neighbours is not None and max_neighbours < 1:
        raise InputError(
            f"radius_edges: expected max_neighbours >= 1, found {max_neighbours}; leave it out for no limit"
        )
    position, is_valid = _checked(position, residue_ptr, is_valid)
    sources, targets = [], []
    for block in pair_blocks(position.detach(), residue_ptr, is_valid):
        # The root, not the squared radius: the test is then true of the distance that is handed out.
        protein, row, column = (block.squared.sqrt_() < radius).nonzero(as_tuple=True)
        targets.append(block.row[protein, row])
        sources.append(block.start[protein] + column)
    source = torch.cat(sources) if sources else residue_ptr.new_zeros(0)
    target = torch.cat(targets) if targets else residue_ptr.new_zeros(0)
    if len(targets) > 1:
        target, order = torch.sort(target, stable=True)
        source = source[order]
    degree = torch.bincount(target, minlength=position.shape[0])
    if max_neighbours is not None and target.numel() and int(degree.max()) > max_neighbours:
        is_kept = _nearest_of_each_target(position.detach(), source, target, degree, max_neighbours)
        source, target = source[is_kept], target[is_kept]
        degree = degree.clamp(max=max_neighbours)
    distance = _distance(position, source, target, torch.ones_like(source, dtype=torch.bool))
    return SegmentedEdges(ptr_from_lengths(degree), source, target, distance)


def _checked(
    position: Float[Tensor, "residue 3"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    is_valid: Bool[Tensor, " residue"] | None,
) -> tuple[Float[Tensor, "residue 3"], Bool[Tensor, " residue"]]:
    """Return positions of at least float32 with 0 where not valid, and the mask."""
    check_ptr(residue_ptr, position.shape[0])
    if position.dtype not in (torch.float32, torch.float64):
        position = position.float()
    if is_valid is None:
        is_valid = torch.ones(position.shape[0], dtype=torch.bool, device=position.device)
    else:
        # A hidden position may be NaN, which would otherwise reach the gradients of the others.
        position = torch.where(is_valid[:, None], position, 0.0)
    if not bool(position.isfinite().all()):
        row = int((~position.isfinite().all(-1)).nonzero()[0, 0])
        raise InputError(
            f"neighbour search: expected finite positions, found {position[row].tolist()} in residue row {row}; "
            "mark unresolved residues with is_valid=False"
        )
    return position, is_valid


def _smallest(
    squared: Float[Tensor, "protein row column"], k: int
) -> tuple[Int[Tensor, "protein row k"], Bool[Tensor, "protein row k"]]:
    """Return the columns of the k smallest entries in rising (value, column) order, and which are finite."""
    if squared.dtype == torch.float64:
        value, column = torch.sort(squared, dim=-1, stable=True)
        return column[..., :k], value[..., :k].isfinite()
    # A float32 leaves 29 bits of a float64 empty, and the bits of non-negative floats rise with their value. With the
    # column written there all entries differ, so that any selection gives one order, and no index array is carried.
    key = squared.double().clamp_(max=_NO_PAIR)
    key.view(torch.int64).bitwise_or_(torch.arange(squared.shape[-1], device=squared.device))
    if key.device.type == "cpu" and k < key.shape[-1]:
        # NumPy's vectorised selection takes half the time of torch.topk.
        best = torch.from_numpy(np.partition(key.numpy(), k - 1, axis=-1)[..., :k]).sort(dim=-1).values
    else:
        best = key.topk(k, dim=-1, largest=False, sorted=True).values
    return best.view(torch.int64) & _COLUMN_BITS, best < _NO_PAIR


def _distance(
    position: Float[Tensor, "residue 3"],
    source: Int[Tensor, "*edge"],
    target: Int[Tensor, "*centre"],
    is_edge: Bool[Tensor, "*edge"],
) -> Float[Tensor, "*edge"]:
    """Return the distance of each edge, 0 where there is none; `target` broadcasts against `source`."""
    squared: Tensor | None = None
    # One coordinate at a time, in the order of the search: the same rounding, and contiguous gathers.
    for coordinate in position.unbind(-1):
        end = coordinate.index_select(0, source.flatten()).view_as(source)
        start = coordinate.index_select(0, target.flatten()).view_as(target)
        square = (end - start).square()
        squared = square if squared is None else squared + square
    assert squared is not None
    is_zero = (squared == 0) | ~is_edge
    return squared.masked_fill(is_zero, 1.0).sqrt().masked_fill(is_zero, 0.0)


def _order_by_target(
    source: Int[Tensor, " edge"], target: Int[Tensor, " edge"], distance: Float[Tensor, " edge"]
) -> Int[Tensor, " edge"]:
    """Return the permutation that sorts edges by target, then distance, then source."""
    order = torch.argsort(source, stable=True)
    order = order[torch.argsort(distance.detach()[order], stable=True)]
    return order[torch.argsort(target[order], stable=True)]


def _nearest_of_each_target(
    position: Float[Tensor, "residue 3"],
    source: Int[Tensor, " edge"],
    target: Int[Tensor, " edge"],
    degree: Int[Tensor, " residue"],
    num_kept: int,
) -> Bool[Tensor, " edge"]:
    x, y, z = (position[source] - position[target]).square().unbind(-1)
    order = _order_by_target(source, target, x + y + z)
    rank = torch.arange(order.shape[0], device=order.device) - ptr_from_lengths(degree)[target[order]]
    return torch.zeros_like(target, dtype=torch.bool).index_put((order,), rank < num_kept)
