"""The features of both ends, copied to the edge."""

import torch

from protea.features.edge_features.node_features import node_features
from protea.features.schemes import SchemeConfig
from tests.features.edge_features.inputs import KIND, assert_symmetry_as_declared, featurise
from tests.features.proteins import random_proteins


def test_the_source_comes_first() -> None:
    inputs = featurise(random_proteins(4))
    inputs = inputs.replace(scalar=torch.tensor([[0.0, 1.0], [10.0, 11.0], [20.0, 21.0], [30.0, 31.0]]))
    found = node_features((1, -1)).compute(inputs, torch.tensor([[3, 0], [1, 2]]))
    assert found.tolist() == [[30.0, 31.0, 10.0, 11.0], [0.0, 1.0, 20.0, 21.0]]


def test_symmetry_is_that_of_the_features(dtype: torch.dtype, tolerance: float) -> None:
    parity = SchemeConfig(kind=KIND).build().parity
    assert -1 in parity
    assert_symmetry_as_declared(node_features(parity), dtype, tolerance)
