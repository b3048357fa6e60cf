"""Edge features: closed forms, symmetry as declared, finite gradients."""

import math

import pytest
import torch

from protea.features.edges.catalogue import KNearest, SevenRelations
from protea.features.edges.edge_features import (
    DIRECTION,
    DISTANCE,
    OFFSET_EMBEDDING,
    SEQUENCE_OFFSET,
    edge_index_of,
)
from protea.features.interface import FeaturisedBatch
from protea.features.schemes import SchemeConfig
from tests.features.proteins import Dense, ca_trace, random_proteins, random_rotation

FEATURES = (DISTANCE, DIRECTION, SEQUENCE_OFFSET, OFFSET_EMBEDDING)


def featurise(dense: Dense, graph=KNearest(k=3)) -> FeaturisedBatch:  # noqa: B008 - a frozen configuration
    return SchemeConfig(kind="ca_base").build()(dense.batch(), graph)


def test_a_right_triangle() -> None:
    inputs = featurise(ca_trace(torch.tensor([[0.0, 0, 0], [3.0, 4.0, 0], [0.0, 4.0, 0]], dtype=torch.float64)))
    edge_index = torch.tensor([[1, 0, 2], [0, 2, 2]])
    assert DISTANCE.compute(inputs, edge_index)[:, 0].tolist() == [5.0, 4.0, 0.0]
    direction = DIRECTION.compute(inputs, edge_index)[:, 0]
    expected = torch.tensor([[0.6, 0.8, 0], [0, -1, 0], [0, 0, 0]], dtype=torch.float64)
    torch.testing.assert_close(direction, expected, atol=1e-12, rtol=0)
    assert SEQUENCE_OFFSET.compute(inputs, edge_index)[:, 0].tolist() == [1.0, -2.0, 0.0]


def test_offset_embedding_closed_form() -> None:
    inputs = featurise(random_proteins(40))
    columns = OFFSET_EMBEDDING.compute(inputs, torch.tensor([[37], [5]]))[0]
    angles = [32 * 10000 ** (-step / 8) for step in range(8)]
    expected = [math.cos(a) for a in angles] + [math.sin(a) for a in angles]
    torch.testing.assert_close(columns, torch.tensor(expected, dtype=torch.float64), atol=1e-12, rtol=0)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_symmetry_is_as_declared(feature, dtype: torch.dtype, tolerance: float) -> None:
    dense = random_proteins(15, 6, dtype=dtype)
    rotation = random_rotation(dtype)
    still, moved, mirrored = (
        featurise(dense.with_position(position))
        for position in (dense.position, dense.position @ rotation.T - 4.0, -dense.position)
    )
    edge_index = edge_index_of(still.graph)
    value = feature.compute(still, edge_index)
    assert value.shape[1:] == ((len(feature.parity), 3) if feature.is_vector else (len(feature.parity),))
    expected = value @ rotation.T if feature.is_vector else value
    torch.testing.assert_close(feature.compute(moved, edge_index), expected, atol=tolerance, rtol=0)
    sign = torch.tensor(feature.parity, dtype=dtype)
    expected = value * (sign[:, None] if feature.is_vector else sign)
    torch.testing.assert_close(feature.compute(mirrored, edge_index), expected, atol=tolerance, rtol=0)


def test_typed_edges_come_relation_after_relation() -> None:
    inputs = featurise(random_proteins(12), SevenRelations(k=2))
    edge_index = edge_index_of(inputs.graph)
    distance = torch.cat([edges.distance for edges in inputs.graph.relations])
    torch.testing.assert_close(DISTANCE.compute(inputs, edge_index)[:, 0], distance)


def test_gradients_are_finite_at_a_self_loop() -> None:
    inputs = featurise(random_proteins(4))
    position = inputs.position.clone().requires_grad_()
    edge_index = torch.tensor([[0, 1], [0, 0]])
    inputs = inputs.replace(position=position)
    (DISTANCE.compute(inputs, edge_index).sum() + DIRECTION.compute(inputs, edge_index).sum()).backward()
    assert bool(position.grad.isfinite().all())
