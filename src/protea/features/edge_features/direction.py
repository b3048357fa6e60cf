"""Where an edge comes from: ProteinWorkshop's `edge_vectors`."""

from jaxtyping import Float, Int
from torch import Tensor

from protea.features.interface import EdgeFeature, FeaturisedBatch
from protea.geometry.vectors import unit_vector

__all__ = ["DIRECTION"]


def _direction(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1 3"]:
    """Return the unit vector from the target to the source."""
    source, target = edge_index
    return unit_vector(inputs.position[source] - inputs.position[target])[:, None]


DIRECTION = EdgeFeature("direction", is_vector=True, parity=(-1,), compute=_direction)
"""One polar vector; 0, with gradient 0, where source and target lie at one place."""
