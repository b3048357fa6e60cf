"""A representation, and the nodes that it gives to a batch."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.features.edges.catalogue import GraphConfig
from protea.features.hidden_edges import visible_graph
from protea.features.interface import FeaturisedBatch, Nodes, Reveals
from protea.features.structure_view import StructureView
from protea.geometry.segments import ptr_from_lengths

__all__ = ["Representation", "nodes_of"]


@dataclass(frozen=True)
class Representation:
    """The nodes that stand for a residue.

    `types` names them in their order; one of them is CA. `place` gives positions (angstrom, 0 where there is no such
    node) and a mask for every residue and type. Each type is a column of the one-hot that follows the scalar features.
    """

    name: str
    types: tuple[str, ...]
    reveals: frozenset[Reveals]
    place: Callable[[StructureView], tuple[Float[Tensor, "residue type 3"], Bool[Tensor, "residue type"]]]

    @property
    def dim(self) -> int:
        """Number of columns of the type."""
        return len(self.types)


def nodes_of(
    representation: Representation, view: StructureView, residues: FeaturisedBatch, graph: GraphConfig
) -> Nodes:
    """Return the nodes of a batch whose residues have been featurised, with the graph over the nodes.

    The features of a node are [scalars of its residue | one-hot of its type]; vectors are those of its residue.
    """
    position, has_node = representation.place(view)
    residue_of, type_of = has_node.nonzero(as_tuple=True)
    node_ptr = ptr_from_lengths(has_node.sum(1))
    one_hot = torch.nn.functional.one_hot(type_of, representation.dim).to(residues.scalar.dtype)
    node_position = position[residue_of, type_of]
    protein_ptr, chain_of = node_ptr[residues.residue_ptr], residues.chain_of[residue_of]
    is_resolved = torch.ones_like(residue_of, dtype=torch.bool)
    inputs = FeaturisedBatch(
        residue_ptr=protein_ptr,
        scalar=torch.cat([residues.scalar[residue_of], one_hot], dim=1),
        position=node_position,
        is_resolved=is_resolved,
        chain_of=chain_of,
        graph=visible_graph(
            graph.build(node_position, is_resolved, protein_ptr, chain_of, residue_of), view.batch, residue_of
        ),
        vector=None if residues.vector is None else residues.vector[residue_of],
        residue_of=residue_of,
    )
    num_before = has_node[:, : representation.types.index("CA")].sum(1)
    return Nodes(inputs, node_ptr, node_ptr[:-1] + num_before)
