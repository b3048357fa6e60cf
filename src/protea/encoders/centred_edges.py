"""Edges grouped by the residue that receives them: one view of neighbour tables and segmented edges.

A table has k slots for every residue, so a sum over neighbours is a sum over a dense axis; the slots without an edge
have `weight` 0. Segmented edges vary in number and are summed by segment.
"""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor

from protea.errors import InputError, describe
from protea.features.interface import Graph
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges

__all__ = ["CentredEdges", "centred_edges"]


@dataclass(frozen=True, eq=False)
class CentredEdges:
    """Edges sorted by centre.

    Attributes:
        num_residues: rows of the packed residues.
        source: row of the neighbour of every edge.
        distance: angstrom; 0 in an empty slot of a table.
        weight: 1 for an edge, 0 for an empty slot, in the dtype of `distance`; None where every slot is an edge.
        width: slots per residue where the edges come from a table, else None.
        centre: row of the receiving residue, rising; None for a table, where it is slot // width.
    """

    num_residues: int
    source: Int[Tensor, " edge"]
    distance: Float[Tensor, " edge"]
    weight: Float[Tensor, " edge"] | None
    width: int | None
    centre: Int[Tensor, " edge"] | None

    def spread(self, value: Float[Tensor, "residue channel"]) -> Float[Tensor, "edge channel"]:
        """Return the row of the centre for every edge."""
        if self.width is not None:
            return value[:, None].expand(-1, self.width, -1).reshape(-1, value.shape[1])
        assert self.centre is not None
        return value.index_select(0, self.centre)

    def total(self, message: Float[Tensor, "edge channel"]) -> Float[Tensor, "residue channel"]:
        """Return the sum of the messages to every residue. Messages of empty slots must be 0 already."""
        if self.width is not None:
            return message.view(self.num_residues, self.width, message.shape[1]).sum(1)
        assert self.centre is not None
        zero = message.new_zeros(self.num_residues, message.shape[1])
        return zero.index_add(0, self.centre, message)


def centred_edges(graph: Graph) -> CentredEdges:
    """Return the edges of an untyped graph.

    Raises:
        InputError: if the graph has typed relations.
    """
    if isinstance(graph, NeighbourTable):
        weight = None if bool(graph.is_edge.all()) else graph.is_edge.flatten().to(graph.distance.dtype)
        num_residues, width = graph.neighbour.shape
        return CentredEdges(num_residues, graph.neighbour.flatten(), graph.distance.flatten(), weight, width, None)
    if isinstance(graph, SegmentedEdges):
        return CentredEdges(len(graph.edge_ptr) - 1, graph.source, graph.distance, None, None, graph.target)
    raise InputError(
        describe(
            "this encoder reads one kind of edge",
            expected="a neighbour table or segmented edges",
            found=f"typed relations {graph.names}",
            do="Choose graph.kind k_nearest or radius.",
        )
    )
