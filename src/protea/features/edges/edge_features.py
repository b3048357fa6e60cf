"""Features of edges: distance, direction, offset in sequence and its sinusoidal embedding.

They are computed for an edge list [source, target] (see `edge_index_of`) from the CA positions of a featurised batch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.features.interface import FeaturisedBatch, Graph, RelationEdges
from protea.geometry.vectors import unit_vector, vector_length

__all__ = [
    "DIRECTION",
    "DISTANCE",
    "OFFSET_EMBEDDING",
    "SEQUENCE_OFFSET",
    "EdgeFeature",
    "edge_index_of",
]

_OFFSET_FREQUENCIES = 8
_OFFSET_BASE = 10000.0


@dataclass(frozen=True)
class EdgeFeature:
    """A feature per edge: scalars [edge, column], or vectors [edge, vector, 3] where `is_vector`.

    `parity` holds one sign per column. For a scalar it is the sign that a mirror image has. For a vector -1 means
    polar: point inversion negates it.
    """

    name: str
    is_vector: bool
    parity: tuple[int, ...]
    compute: Callable[[FeaturisedBatch, Int[Tensor, "2 edge"]], Float[Tensor, "edge *feature"]]


def edge_index_of(graph: Graph) -> Int[Tensor, "2 edge"]:
    """Return [source, target] of all edges, by target; those of typed edges relation after relation."""
    if isinstance(graph, RelationEdges):
        return torch.cat([edges.edge_index() for edges in graph.relations], dim=1)
    return graph.edge_index()


def _distance(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1"]:
    return vector_length(_arm(inputs, edge_index))[:, None]


def _direction(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1 3"]:
    return unit_vector(_arm(inputs, edge_index))[:, None]


def _sequence_offset(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1"]:
    return (edge_index[0] - edge_index[1]).to(inputs.position.dtype)[:, None]


def _offset_embedding(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 16"]:
    exponent = torch.arange(_OFFSET_FREQUENCIES, dtype=torch.float64) / _OFFSET_FREQUENCIES
    frequency = (-math.log(_OFFSET_BASE) * exponent).exp().to(inputs.position)
    angle = _sequence_offset(inputs, edge_index) * frequency
    return torch.cat([angle.cos(), angle.sin()], dim=1)


def _arm(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 3"]:
    source, target = edge_index
    return inputs.position[source] - inputs.position[target]


DISTANCE = EdgeFeature("distance", is_vector=False, parity=(1,), compute=_distance)
"""CA distance, angstrom; its gradient at 0 is 0."""

DIRECTION = EdgeFeature("direction", is_vector=True, parity=(-1,), compute=_direction)
"""Unit vector from the target's CA to the source's; 0 for a self loop."""

SEQUENCE_OFFSET = EdgeFeature("sequence_offset", is_vector=False, parity=(1,), compute=_sequence_offset)
"""Source minus target in rows of the packed order; its absolute value is the distance in sequence of one chain."""

OFFSET_EMBEDDING = EdgeFeature(
    "offset_embedding", is_vector=False, parity=(1,) * (2 * _OFFSET_FREQUENCIES), compute=_offset_embedding
)
"""8 cosines, then 8 sines of `sequence_offset` times the frequencies 10000^(-j/8) (Ingraham et al. 2019)."""
