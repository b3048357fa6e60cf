"""Typed edges in one list, sorted by (target, relation), and their features.

Axes: edge; segment = target * relations + relation. The edge features of GearNet are
[x_source, x_target, one-hot relation, |row difference|, distance].
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.encoders.row_sums import Incidence, sum_rows
from protea.errors import ContractError, describe
from protea.features.edges.catalogue import GraphConfig, Joined, PredictedContacts, SevenRelations
from protea.features.interface import Graph, RelationEdges
from protea.geometry.grouping import group_items
from protea.geometry.neighbours import NeighbourTable
from protea.geometry.segments import ptr_from_lengths

__all__ = ["RelationalEdges", "edge_features", "edge_width", "num_relations", "relational_edges", "summed_features"]


@dataclass(frozen=True, eq=False)
class RelationalEdges:
    """Edges sorted by target, then relation; `distance` in angstrom."""

    source: Int[Tensor, " edge"]
    target: Int[Tensor, " edge"]
    relation: Int[Tensor, " edge"]
    distance: Float[Tensor, " edge"]
    num_relations: int
    num_residues: int

    @cached_property
    def segment_ptr(self) -> Int[Tensor, " segment_plus_1"]:
        """Where the edges of each (target, relation) begin."""
        segment = self.target * self.num_relations + self.relation
        return ptr_from_lengths(torch.bincount(segment, minlength=self.num_residues * self.num_relations))

    @cached_property
    def sources(self) -> Incidence:
        """Every (target, relation) adds up the rows of its sources."""
        return Incidence(self.source, self.segment_ptr, self.num_residues)

    @cached_property
    def edges(self) -> Incidence:
        """Every (target, relation) adds up its edges."""
        return Incidence(torch.arange(len(self.source), device=self.source.device), self.segment_ptr, len(self.source))


def num_relations(graph: GraphConfig) -> int:
    """Return how many kinds of edges a graph has; an untyped graph has one."""
    if isinstance(graph, SevenRelations):
        return len(graph.sequential_offsets) + 2
    if isinstance(graph, PredictedContacts) and graph.is_typed:
        return len(graph.sequential_offsets) + 1
    return len(graph.graphs) if isinstance(graph, Joined) and graph.is_typed else 1


def relational_edges(graph: Graph, expected: int, position: Float[Tensor, "residue 3"], eps: float) -> RelationalEdges:
    """Return the edges of all relations in one list; an untyped graph is one relation.

    `eps` (angstrom) is added to each coordinate of the difference before its length is taken: 1e-6 in the published
    weights' code, which makes distances depend on the orientation in the seventh digit; 0 otherwise.

    Raises:
        ContractError: if the graph has another number of relations than `expected`.
    """
    if isinstance(graph, RelationEdges):
        parts = [(edges.source, edges.target, edges.distance) for edges in graph.relations]
    elif isinstance(graph, NeighbourTable):
        source, target = graph.edge_index()
        parts = [(source, target, graph.distance[graph.is_edge])]
    else:
        parts = [(graph.source, graph.target, graph.distance)]
    if len(parts) != expected:
        raise ContractError(
            describe("another graph than the encoder was built for", expected=f"{expected} relations",
                     found=str(len(parts)), do="Featurise with the graph of the encoder's configuration.")
        )  # fmt: skip
    source, target, distance = (torch.cat(part) for part in zip(*parts, strict=True))
    relation = torch.repeat_interleave(
        torch.arange(expected, device=source.device),
        torch.tensor([len(part[0]) for part in parts], device=source.device),
    )
    order, _ = group_items(target * expected + relation, len(position) * expected)
    source, target, relation, distance = source[order], target[order], relation[order], distance[order]
    if eps:
        distance = (position[source] - position[target] + eps).norm(dim=1)
    return RelationalEdges(source, target, relation, distance, expected, len(position))


def edge_width(input_dim: int, relations: int) -> int:
    """Return the width of the edge features."""
    return 2 * input_dim + relations + 2


def edge_features(
    scalar: Float[Tensor, "residue feature"], edges: RelationalEdges
) -> Float[Tensor, "edge edge_feature"]:
    """Return the features of every edge."""
    return torch.cat(
        [scalar.index_select(0, edges.source), scalar.index_select(0, edges.target), _own_features(edges, scalar)],
        dim=1,
    )


def summed_features(
    scalar: Float[Tensor, "residue feature"], edges: RelationalEdges
) -> tuple[Float[Tensor, "segment edge_feature"], Float[Tensor, "segment 1"]]:
    """Return the sum of the edge features over every (target, relation), and the number of its edges.

    The features of the residues themselves are never copied to the edges.
    """
    degree = edges.segment_ptr.diff().to(scalar.dtype)[:, None]
    at_target = scalar.repeat_interleave(edges.num_relations, 0) * degree
    own = sum_rows(_own_features(edges, scalar), edges.edges)
    return torch.cat([sum_rows(scalar, edges.sources), at_target, own], dim=1), degree


def _own_features(edges: RelationalEdges, like: Tensor) -> Float[Tensor, "edge own"]:
    one_hot = torch.nn.functional.one_hot(edges.relation, edges.num_relations)
    offset = (edges.source - edges.target).abs()
    columns = [one_hot.to(like.dtype), offset[:, None].to(like.dtype), edges.distance[:, None].to(like.dtype)]
    return torch.cat(columns, dim=1)
