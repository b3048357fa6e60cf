"""What features look like: residue and edge features with their parity, a graph, and the batch that encoders read.

Axes: residue (packed), neighbour slot k or edge, feature. Positions in angstrom.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.features.structure_view import StructureView, UndefinedAngles
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges

__all__ = [
    "EdgeFeature",
    "FeaturisedBatch",
    "Graph",
    "Nodes",
    "RelationEdges",
    "ResidueFeature",
    "Reveals",
    "UndefinedAngles",
    "VectorFeature",
    "edge_index_of",
]

Reveals = Literal["residue_type", "side_chain", "backbone_dihedrals", "true_structure"]
"""What a feature gives away: the residue type, side-chain atoms from which it can be read, phi, psi and omega, or where

atoms stood before an objective moved or hid them (no feature that is computed from the batch can know that).
"""


@dataclass(frozen=True)
class ResidueFeature:
    """A scalar feature per residue.

    `parity` holds one sign per column: +1 where a mirror image of the protein has the same value, -1 where it has the
    negative. `reveals` says what the feature gives away about the residue; objectives refuse what they forbid.
    """

    name: str
    parity: tuple[int, ...]
    reveals: frozenset[Reveals]
    compute: Callable[[StructureView], Float[Tensor, "residue feature"]]

    @property
    def dim(self) -> int:
        """Number of columns."""
        return len(self.parity)


@dataclass(frozen=True)
class VectorFeature:
    """Vectors per residue that turn with the protein.

    `is_polar` says that point inversion negates them; where it is False a mirror image has other vectors. `reveals` as
    for scalars.
    """

    name: str
    num: int
    is_polar: bool
    reveals: frozenset[Reveals]
    compute: Callable[[StructureView], Float[Tensor, "residue vector 3"]]


@dataclass(frozen=True, eq=False)
class RelationEdges:
    """Typed edges: one `SegmentedEdges` (CSR over the receiving residue) per relation, in the order of `names`."""

    names: tuple[str, ...]
    relations: tuple[SegmentedEdges, ...]

    def to(self, device: torch.device | str) -> "RelationEdges":
        """Return the edges on another device."""
        return RelationEdges(self.names, tuple(edges.to(device) for edges in self.relations))


Graph = NeighbourTable | SegmentedEdges | RelationEdges


def edge_index_of(graph: Graph) -> Int[Tensor, "2 edge"]:
    """Return [source, target] of all edges, by target; those of typed edges relation after relation.

    This is the order of everything that a batch holds per edge.
    """
    if isinstance(graph, RelationEdges):
        return torch.cat([edges.edge_index() for edges in graph.relations], dim=1)
    return graph.edge_index()


@dataclass(frozen=True, eq=False)
class FeaturisedBatch:
    """All that an encoder may read: packed features, CA positions and a graph. It never sees labels or ids.

    `hidden_groups` says which residues an objective asks about, by its name: their edges are hidden from the graph.

    `edge_scalar` and `edge_vector` stand in the order of `edge_index_of(graph)`; they are None where the scheme has
    no such feature. `nodes` is there where the scheme represents a residue by several nodes. The batch in it has a row
    per node (so its `residue_ptr` counts nodes) and names the residue of each in `residue_of`. `residue_type` is there
    where a feature of the scheme shows it. `pair_member` names the proteins of each pair that the batch holds, for the
    heads of objectives that ask about pairs; encoders do not read it. `prompts` names what an encoder with prompts
    reads beside the proteins; None for the set that is its default.
    """

    residue_ptr: Tensor
    scalar: Float[Tensor, "residue feature"]
    position: Float[Tensor, "residue 3"]
    is_resolved: Bool[Tensor, " residue"]
    chain_of: Tensor
    graph: Graph
    vector: Float[Tensor, "residue vector 3"] | None = None
    hidden_groups: Mapping[str, Int[Tensor, "residue member"]] = field(default_factory=dict)
    edge_scalar: Float[Tensor, "edge edge_feature"] | None = None
    edge_vector: Float[Tensor, "edge edge_vector 3"] | None = None
    residue_of: Int[Tensor, " residue"] | None = None
    nodes: "Nodes | None" = None
    residue_type: Int[Tensor, " residue"] | None = None
    pair_member: Int[Tensor, "pair 2"] | None = None
    prompts: tuple[str, ...] | None = None

    @property
    def num_proteins(self) -> int:
        """Number of packed proteins."""
        return len(self.residue_ptr) - 1

    def with_prompts(self, prompts: Iterable[str] | None) -> "FeaturisedBatch":
        """Return the batch as it is read under these prompts; None for the default ones of the encoder."""
        return replace(self, prompts=None if prompts is None else tuple(prompts))

    def replace(self, **changes: Any) -> "FeaturisedBatch":
        """Return a copy with the named fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes of every residue. Missing atoms have none. Nodes stand by residue, then in the order of their types.

    Attributes:
        inputs: the batch whose rows are nodes; all of them are resolved.
        node_ptr: nodes `node_ptr[i]:node_ptr[i + 1]` belong to residue i.
        ca: the node of the CA of each residue; meaningless where the CA is not resolved.
    """

    inputs: FeaturisedBatch
    node_ptr: Int[Tensor, " residue_plus_1"]
    ca: Int[Tensor, " residue"]


@dataclass(frozen=True)
class EdgeFeature:
    """A feature per edge: scalars [edge, column], or vectors [edge, vector, 3] where `is_vector`.

    `parity` holds one sign per column. For a scalar it is the sign that a mirror image has. For a vector -1 means
    polar: point inversion negates it. `compute` takes any edges [source, target] between the rows of the batch.
    """

    name: str
    is_vector: bool
    parity: tuple[int, ...]
    compute: Callable[[FeaturisedBatch, Int[Tensor, "2 edge"]], Float[Tensor, "edge *feature"]]

    @property
    def dim(self) -> int:
        """Number of columns, or of vectors."""
        return len(self.parity)
