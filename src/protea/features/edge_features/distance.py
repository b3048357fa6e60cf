"""How long an edge is."""

from jaxtyping import Float, Int
from torch import Tensor

from protea.features.interface import EdgeFeature, FeaturisedBatch
from protea.geometry.vectors import vector_length

__all__ = ["DISTANCE"]


def _distance(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1"]:
    """Return the distance between the positions of source and target, angstrom."""
    source, target = edge_index
    return vector_length(inputs.position[source] - inputs.position[target])[:, None]


DISTANCE = EdgeFeature("distance", is_vector=False, parity=(1,), compute=_distance)
"""One column, angstrom; its gradient at 0 is 0. (ProteinWorkshop adds 1e-6 to each coordinate of the difference.)"""
