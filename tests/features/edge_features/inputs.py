"""What the tests of edge features share: small featurised batches, and the check of a declared symmetry."""

import torch
from torch import Tensor

from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import EdgeFeature, FeaturisedBatch, edge_index_of
from protea.features.schemes import SchemeConfig
from tests.features.proteins import Dense, ca_trace, random_proteins, random_rotation

KIND = "ca_sc"


def featurise(dense: Dense, graph: GraphConfig | None = None) -> FeaturisedBatch:
    return SchemeConfig(kind=KIND).build()(dense.batch(), graph or KNearest(k=3))


def triangle() -> FeaturisedBatch:
    """CA atoms at (0, 0, 0), (3, 4, 0), (0, 4, 0)."""
    return featurise(ca_trace(torch.tensor([[0.0, 0, 0], [3.0, 4.0, 0], [0.0, 4.0, 0]], dtype=torch.float64)))


def assert_symmetry_as_declared(feature: EdgeFeature, dtype: torch.dtype, tolerance: float) -> None:
    """Scalars stay and vectors turn; under inversion every column takes the declared sign."""
    dense = random_proteins(15, 6, dtype=dtype)
    rotation = random_rotation(dtype)
    still, moved, mirrored = (
        featurise(dense.with_position(position))
        for position in (dense.position, dense.position @ rotation.T - 4.0, -dense.position)
    )
    edge_index = edge_index_of(still.graph)
    value = feature.compute(still, edge_index)
    assert value.shape[1:] == ((feature.dim, 3) if feature.is_vector else (feature.dim,))
    assert value.dtype == dtype
    sign = torch.tensor(feature.parity, dtype=dtype)
    sign = sign[:, None] if feature.is_vector else sign
    turned = value @ rotation.T if feature.is_vector else value
    assert_close(feature.compute(moved, edge_index), turned, tolerance)
    assert_close(
        feature.compute(mirrored, edge_index), value * (sign[:, None] if feature.is_vector else sign), tolerance
    )


def assert_close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    torch.testing.assert_close(ours, theirs, atol=tolerance, rtol=0)
