"""The scalar features of both ends of an edge."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.features.interface import EdgeFeature, FeaturisedBatch

__all__ = ["node_features"]


def node_features(parity: tuple[int, ...]) -> EdgeFeature:
    """Return the feature that copies the scalar features to the edges; `parity` is that of the scalar features."""
    return EdgeFeature("node_features", is_vector=False, parity=(*parity, *parity), compute=_node_features)


def _node_features(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge column"]:
    """Return [features of the source | features of the target]."""
    source, target = edge_index
    return torch.cat([inputs.scalar[source], inputs.scalar[target]], dim=1)
