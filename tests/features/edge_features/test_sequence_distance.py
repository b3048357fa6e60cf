"""Target minus source, with its sign."""

import torch

from protea.features.edge_features.sequence_distance import SEQUENCE_DISTANCE, sequence_distance
from tests.features.edge_features.inputs import assert_symmetry_as_declared, featurise, triangle
from tests.features.proteins import random_proteins


def test_it_is_the_target_minus_the_source() -> None:
    edge_index = torch.tensor([[1, 0, 2], [0, 2, 2]])
    assert sequence_distance(triangle(), edge_index).tolist() == [-1, 2, 0]
    assert SEQUENCE_DISTANCE.compute(triangle(), edge_index)[:, 0].tolist() == [-1.0, 2.0, 0.0]


def test_symmetry_is_as_declared(dtype: torch.dtype, tolerance: float) -> None:
    assert_symmetry_as_declared(SEQUENCE_DISTANCE, dtype, tolerance)


def test_rows_are_counted_over_chains_and_holes() -> None:
    dense = random_proteins(6)
    inputs = featurise(dense).replace(chain_of=torch.tensor([0, 0, 0, 1, 1, 1]))
    assert sequence_distance(inputs, torch.tensor([[1], [5]])).tolist() == [4]
