"""Several graphs as one: typed, a relation for each, or untyped, each edge once."""

from typing import Annotated, Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.features.edges.k_nearest import KNearest
from protea.features.edges.radius import Radius
from protea.features.edges.sequential import Sequential
from protea.features.edges.seven_relations import edges_of_table
from protea.features.interface import RelationEdges
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges
from protea.geometry.segments import ptr_from_lengths

__all__ = ["Joined", "UntypedGraph", "each_edge_once"]

UntypedGraph = Annotated[KNearest | Radius | Sequential, Field(discriminator="kind")]
"""A graph with one kind of edge."""


class Joined(Config):
    """The edges of several graphs, one type for each graph, or without types and each edge once."""

    kind: Literal["joined"] = "joined"
    graphs: tuple[UntypedGraph, ...] = Field(
        default=(KNearest(k=10), Radius(radius=8.0, max_neighbours=32)),
        min_length=1,
        description="the graphs, in the order of their types",
    )
    is_typed: bool = Field(
        default=True,
        description="true: an edge of two graphs stands twice, once with each type, for encoders that tell types "
        "apart; false: each edge once, for all others",
    )

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> RelationEdges | SegmentedEdges:
        """Return the relations in the order of `graphs`, or their union by target."""
        place = (position, is_resolved, residue_ptr, chain_of, residue_of)
        graphs = [graph.build(*place) for graph in self.graphs]
        relations = tuple(edges_of_table(graph) if isinstance(graph, NeighbourTable) else graph for graph in graphs)
        if not self.is_typed:
            return each_edge_once(relations)
        return RelationEdges(tuple(_name(graph) for graph in self.graphs), relations)


def each_edge_once(relations: tuple[SegmentedEdges, ...]) -> SegmentedEdges:
    """Return the union of the edges by target, and by source within each target."""
    num_residues = len(relations[0].edge_ptr) - 1
    target, source = (torch.cat(parts) for parts in zip(*((e.target, e.source) for e in relations), strict=True))
    key, order = torch.sort(target * num_residues + source, stable=True)
    is_first = torch.ones_like(key, dtype=torch.bool)
    is_first[1:] = key[1:] != key[:-1]
    chosen = order[is_first]
    target, source = target[chosen], source[chosen]
    distance = torch.cat([edges.distance for edges in relations])[chosen]
    return SegmentedEdges(ptr_from_lengths(torch.bincount(target, minlength=num_residues)), source, target, distance)


def _name(graph: KNearest | Radius | Sequential) -> str:
    if isinstance(graph, KNearest):
        return f"{graph.k} nearest"
    if isinstance(graph, Radius):
        return f"within {graph.radius:g} angstrom"
    return "offset " + ", ".join(f"{offset:+d}" for offset in graph.offsets)
