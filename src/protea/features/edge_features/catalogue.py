"""The edge features that can be asked for, by name."""

from collections.abc import Callable
from typing import Literal

from protea.features.edge_features.direction import DIRECTION
from protea.features.edge_features.distance import DISTANCE
from protea.features.edge_features.edge_type import EDGE_TYPE
from protea.features.edge_features.node_features import node_features
from protea.features.edge_features.offset_embedding import OFFSET_EMBEDDING
from protea.features.edge_features.sequence_distance import SEQUENCE_DISTANCE
from protea.features.interface import EdgeFeature

__all__ = ["EDGE_FEATURES", "EdgeFeatureName", "edge_features_named"]

EdgeFeatureName = Literal[
    "distance", "edge_type", "node_features", "sequence_distance", "offset_embedding", "direction"
]

EDGE_FEATURES: dict[str, EdgeFeature | Callable[[tuple[int, ...]], EdgeFeature]] = {
    "distance": DISTANCE,
    "edge_type": EDGE_TYPE,
    "node_features": node_features,
    "sequence_distance": SEQUENCE_DISTANCE,
    "offset_embedding": OFFSET_EMBEDDING,
    "direction": DIRECTION,
}
"""Every edge feature; one that depends on the scheme is a function of the parity of the scheme's columns."""


def edge_features_named(names: tuple[EdgeFeatureName, ...], parity: tuple[int, ...]) -> tuple[EdgeFeature, ...]:
    """Return the features in the order of their names (a name that is given twice counts once).

    `parity` is that of the scalar features of the rows.
    """
    found = (EDGE_FEATURES[name] for name in dict.fromkeys(names))
    return tuple(feature if isinstance(feature, EdgeFeature) else feature(parity) for feature in found)
