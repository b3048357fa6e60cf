"""What features look like: a residue feature with its parity, a graph, and the featurised batch that encoders read.

Axes: residue (packed), neighbour slot k or edge, feature. Positions in angstrom.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.structure_view import StructureView, UndefinedAngles
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges

__all__ = ["FeaturisedBatch", "Graph", "RelationEdges", "ResidueFeature", "Reveals", "UndefinedAngles"]

Reveals = Literal["residue_type", "side_chain", "backbone_dihedrals"]
"""What a feature gives away: the residue type, side-chain atoms from which it can be read, or phi, psi and omega."""


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


@dataclass(frozen=True, eq=False)
class RelationEdges:
    """Typed edges: one `SegmentedEdges` (CSR over the receiving residue) per relation, in the order of `names`."""

    names: tuple[str, ...]
    relations: tuple[SegmentedEdges, ...]

    def to(self, device: torch.device | str) -> "RelationEdges":
        """Return the edges on another device."""
        return RelationEdges(self.names, tuple(edges.to(device) for edges in self.relations))


Graph = NeighbourTable | SegmentedEdges | RelationEdges


@dataclass(frozen=True, eq=False)
class FeaturisedBatch:
    """All that an encoder may read: packed features, CA positions and a graph. It never sees labels or ids."""

    residue_ptr: Tensor
    scalar: Float[Tensor, "residue feature"]
    position: Float[Tensor, "residue 3"]
    is_resolved: Bool[Tensor, " residue"]
    chain_of: Tensor
    graph: Graph
    vector: Float[Tensor, "residue vector 3"] | None = None

    @property
    def num_proteins(self) -> int:
        """Number of packed proteins."""
        return len(self.residue_ptr) - 1

    def replace(self, **changes: Any) -> "FeaturisedBatch":
        """Return a copy with the named fields changed."""
        return replace(self, **changes)
