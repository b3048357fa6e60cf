"""Every edge feature has its name, and comes in the order asked for."""

from typing import get_args

from protea.features.edge_features.catalogue import EDGE_FEATURES, EdgeFeatureName, edge_features_named
from protea.features.edge_features.direction import DIRECTION
from protea.features.edge_features.distance import DISTANCE
from protea.features.edge_features.node_features import node_features


def test_every_name_has_its_feature() -> None:
    assert set(get_args(EdgeFeatureName)) == set(EDGE_FEATURES)
    for name in EDGE_FEATURES:
        (feature,) = edge_features_named((name,), (1, -1))
        assert feature.name == name
        assert feature.is_vector == (name == "direction")


def test_features_come_in_the_order_of_their_names_and_once() -> None:
    found = edge_features_named(("direction", "node_features", "distance", "direction"), (1, -1))
    assert found == (DIRECTION, node_features((1, -1)), DISTANCE)
    assert found[1].parity == (1, -1, 1, -1)
