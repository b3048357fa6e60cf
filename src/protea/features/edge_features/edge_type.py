"""Of which kind an edge is, as a number."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.errors import ContractError, describe
from protea.features.interface import EdgeFeature, FeaturisedBatch, RelationEdges, edge_index_of

__all__ = ["EDGE_TYPE"]


def _edge_type(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1"]:
    """Return the index of the relation of every edge; 0 where the graph has no types.

    Raises:
        ContractError: if the edges are not those of the batch's graph in their order, since an edge may have two types.
    """
    if not torch.equal(edge_index, edge_index_of(inputs.graph)):
        raise ContractError(
            describe("types are known for the edges of the graph only", expected="edge_index_of(inputs.graph)",
                     found=f"{edge_index.shape[1]} other edges")
        )  # fmt: skip
    if not isinstance(inputs.graph, RelationEdges):
        return inputs.position.new_zeros((edge_index.shape[1], 1))
    lengths = torch.tensor([len(edges.source) for edges in inputs.graph.relations], device=edge_index.device)
    relation = torch.arange(len(lengths), device=edge_index.device).repeat_interleave(lengths)
    return relation.to(inputs.position.dtype)[:, None]


EDGE_TYPE = EdgeFeature("edge_type", is_vector=False, parity=(1,), compute=_edge_type)
"""One column: 0, 1, ... in the order of the relations, as published (a number, not a one-hot)."""
