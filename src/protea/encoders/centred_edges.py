"""Edges grouped by the residue that receives them: one view of neighbour tables and segmented edges.

A full table has k slots for every residue, so a sum over neighbours is a sum over a dense axis. A table with empty
slots (short proteins, unresolved residues) is packed to its real edges, so that no statistic and no sum ever meets an
empty slot. `incidence` says which rows each residue sums, and its transpose serves the backward passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.encoders.row_sums import Incidence, row_sums
from protea.errors import InputError, describe
from protea.features.interface import Graph
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges
from protea.geometry.segments import ptr_from_lengths

__all__ = ["CentredEdges", "EdgeBlock", "EdgePairs", "centred_edges", "without_loops"]

_BLOCK_VALUES = {"cpu": 1 << 20, "cuda": 1 << 27}
"""Values per block: on a CPU so few that a block stays in the cache, on a GPU so many that it is kept busy."""


@dataclass(frozen=True)
class EdgeBlock:
    """Consecutive residues and all edges that they receive."""

    residues: slice
    edges: slice


@dataclass(frozen=True, eq=False)
class EdgePairs:
    """The unordered pairs of residues that the edges join: what depends on the distance alone is the same both ways.

    Messages made pair by pair stand in a table with a row per edge: row p holds what `first` of pair p carries, row
    `num_pairs + p` what the opposite edge carries. Pairs with an opposite edge come first, so no row is empty.

    Attributes:
        of_edge: the pair of every edge.
        first: one edge of every pair.
        target: the residue that receives `first`.
        source: the residue that sends `first`.
        num_both: number of pairs, the leading ones, whose opposite edge exists too.
        row_of_edge: the row of every edge in a table of messages made pair by pair.
    """

    of_edge: Int[Tensor, " edge"]
    first: Int[Tensor, " pair"]
    target: Int[Tensor, " pair"]
    source: Int[Tensor, " pair"]
    num_both: int
    row_of_edge: Int[Tensor, " edge"]


def _numbered(
    key: Int[Tensor, " edge"], order: Int[Tensor, " edge"], is_back: Bool[Tensor, " edge"]
) -> tuple[Int[Tensor, " edge"], Int[Tensor, " edge"]]:
    """Return sorted keys that part the repeats of an edge: the first there with the first back, and so on."""
    directed, by_direction = torch.sort(2 * key + is_back, stable=True)
    place = torch.arange(len(directed), device=key.device)
    is_first = torch.ones_like(directed, dtype=torch.bool)
    is_first[1:] = directed[1:] != directed[:-1]
    number = place - torch.where(is_first, place, 0).cummax(0).values
    numbered, rest = torch.sort((directed // 2) * (number.max() + 1) + number, stable=True)
    return numbered, order[by_direction][rest]


@dataclass(frozen=True, eq=False)
class CentredEdges:
    """Edges sorted by centre.

    Attributes:
        edge_ptr: edges `edge_ptr[i]:edge_ptr[i + 1]` point to residue i.
        source: row of the neighbour of every edge.
        distance: angstrom.
        width: edges per residue where all have as many, else None.
    """

    edge_ptr: Int[Tensor, " residue_plus_1"]
    source: Int[Tensor, " edge"]
    distance: Float[Tensor, " edge"]
    width: int | None

    @property
    def num_residues(self) -> int:
        """Number of packed residues."""
        return len(self.edge_ptr) - 1

    @cached_property
    def incidence(self) -> Incidence:
        """Every residue adds up its neighbours."""
        return Incidence(self.source, self.edge_ptr, self.num_residues)

    @property
    def centre(self) -> Int[Tensor, " edge"]:
        """Row of the receiving residue of every edge."""
        return self.incidence.segment

    @cached_property
    def pairs(self) -> EdgePairs:
        """The unordered pairs; among k nearest neighbours about 6 for 10 edges.

        An edge that stands there more than once is in as many pairs, each with an opposite edge of its own.
        """
        low, high = torch.minimum(self.source, self.centre), torch.maximum(self.source, self.centre)
        key, order = torch.sort(low * self.num_residues + high, stable=True)
        is_back = (self.source > self.centre)[order]
        is_same = (key[1:] == key[:-1]) & (is_back[1:] == is_back[:-1])
        if bool(is_same.any()) or bool((key[2:] == key[:-2]).any()):
            key, order = _numbered(key, order, is_back)
        is_first = torch.ones_like(key, dtype=torch.bool)
        is_first[1:] = key[1:] != key[:-1]
        first, opposite = order[is_first], order[~is_first]
        joined = (is_first.cumsum(0) - 1)[~is_first]
        is_both = torch.zeros_like(first, dtype=torch.bool)
        is_both[joined] = True
        pairs = torch.cat([is_both.nonzero().squeeze(1), (~is_both).nonzero().squeeze(1)])
        rank = torch.empty_like(pairs)
        rank[pairs] = torch.arange(len(pairs), device=pairs.device)
        of_edge = torch.empty_like(order)
        of_edge[first], of_edge[opposite] = rank, rank[joined]
        row_of_edge = of_edge.clone()
        row_of_edge[opposite] += len(first)
        first = first[pairs]
        return EdgePairs(of_edge, first, self.centre[first], self.source[first], len(opposite), row_of_edge)

    def blocks(self, channels: int) -> Iterator[EdgeBlock]:
        """Yield blocks of residues with about as many edges as keep `channels` values each in the cache."""
        total, num_residues = len(self.source), self.num_residues
        num_blocks = max(1, -(-total * channels // _BLOCK_VALUES.get(self.source.device.type, 1 << 20)))
        step = max(1, -(-num_residues // num_blocks))
        starts = [*range(0, num_residues, step), num_residues]
        ptr = [row * self.width for row in starts] if self.width is not None else self.edge_ptr[starts].tolist()
        for i in range(len(starts) - 1):
            yield EdgeBlock(slice(starts[i], starts[i + 1]), slice(ptr[i], ptr[i + 1]))

    def add_centre(
        self, message: Float[Tensor, "block_edge channel"], value: Float[Tensor, "residue channel"], block: EdgeBlock
    ) -> None:
        """Add to each message of a block, in place, the value of its centre."""
        if self.width is not None:
            message.view(-1, self.width, message.shape[1]).add_(value[block.residues].unsqueeze(1))
        else:
            message.add_(value.index_select(0, self.centre[block.edges]))

    def block_total(
        self, message: Float[Tensor, "block_edge channel"], block: EdgeBlock
    ) -> Float[Tensor, "block_residue channel"]:
        """Return the sum of the messages of a block to each of its residues."""
        if self.width is not None:
            return message.view(-1, self.width, message.shape[1]).sum(1)
        ptr = self.edge_ptr[block.residues.start : block.residues.stop + 1] - block.edges.start
        return row_sums(message, torch.arange(len(message), device=message.device), ptr)

    def total(self, message: Float[Tensor, "edge channel"]) -> Float[Tensor, "residue channel"]:
        """Return the sum of all messages to every residue (differentiable)."""
        if self.width is not None:
            return message.view(self.num_residues, self.width, message.shape[1]).sum(1)
        return message.new_zeros(self.num_residues, message.shape[1]).index_add(0, self.centre, message)

    def total_by_source(self, message: Float[Tensor, "edge channel"]) -> Float[Tensor, "residue channel"]:
        """Return the sum of the messages that leave every residue (no gradient)."""
        return row_sums(message, self.incidence.order, self.incidence.transposed.ptr)


def centred_edges(graph: Graph) -> CentredEdges:
    """Return the edges of an untyped graph.

    Raises:
        InputError: if the graph has typed relations.
    """
    if isinstance(graph, SegmentedEdges):
        return CentredEdges(graph.edge_ptr, graph.source, graph.distance, None)
    if isinstance(graph, NeighbourTable):
        num_residues, width = graph.neighbour.shape
        if bool(graph.is_edge.all()):
            ptr = torch.arange(0, num_residues * width + 1, width, device=graph.neighbour.device)
            return CentredEdges(ptr, graph.neighbour.flatten(), graph.distance.flatten(), width)
        ptr = ptr_from_lengths(graph.is_edge.sum(1))
        return CentredEdges(ptr, graph.neighbour[graph.is_edge], graph.distance[graph.is_edge], None)
    raise InputError(
        describe(
            "this encoder reads one kind of edge",
            expected="a neighbour table or segmented edges",
            found=f"typed relations {graph.names}",
            do="Choose graph.kind k_nearest or radius.",
        )
    )


def without_loops(
    edges: CentredEdges,
) -> tuple[CentredEdges, Bool[Tensor, " residue"], Float[Tensor, " residue"]]:
    """Return the edges that join two residues, which residues had one to themselves, and its distance (0 without)."""
    is_loop = edges.source == edges.centre
    has_loop = torch.zeros(edges.num_residues, dtype=torch.bool, device=is_loop.device)
    of_loop = edges.distance.new_zeros(edges.num_residues)
    if not bool(is_loop.any()):
        return edges, has_loop, of_loop
    at = edges.centre[is_loop]
    has_loop[at], of_loop[at] = True, edges.distance[is_loop]
    degree = torch.bincount(edges.centre[~is_loop], minlength=edges.num_residues)
    kept = CentredEdges(ptr_from_lengths(degree), edges.source[~is_loop], edges.distance[~is_loop], None)
    return kept, has_loop, of_loop
