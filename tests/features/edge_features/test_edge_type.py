"""The number of the relation of each edge."""

import pytest
import torch

from protea.errors import ContractError
from protea.features.edge_features.edge_type import EDGE_TYPE
from protea.features.edges.catalogue import Joined, KNearest, Radius, Sequential
from protea.features.interface import edge_index_of
from tests.features.edge_features.inputs import assert_symmetry_as_declared, featurise
from tests.features.proteins import random_proteins


def test_types_count_the_relations_in_their_order() -> None:
    graphs = (Sequential(offsets=(1,)), KNearest(k=2), Sequential(offsets=(9,)), Sequential(offsets=(-1,)))
    inputs = featurise(random_proteins(5), Joined(graphs=graphs))
    edge_index = edge_index_of(inputs.graph)
    number = EDGE_TYPE.compute(inputs, edge_index)[:, 0]
    assert number.tolist() == [0.0] * 4 + [1.0] * 10 + [3.0] * 4
    step = edge_index[1] - edge_index[0]
    assert step[number == 0].tolist() == [1] * 4
    assert step[number == 3].tolist() == [-1] * 4


def test_a_graph_without_types_has_one() -> None:
    for graph in (KNearest(k=2), Radius(radius=8.0)):
        inputs = featurise(random_proteins(5), graph)
        number = EDGE_TYPE.compute(inputs, edge_index_of(inputs.graph))
        assert torch.equal(number, torch.zeros_like(number))
        assert number.dtype == torch.float64


def test_symmetry_is_as_declared(dtype: torch.dtype, tolerance: float) -> None:
    assert_symmetry_as_declared(EDGE_TYPE, dtype, tolerance)


def test_edges_of_another_order_are_refused() -> None:
    inputs = featurise(random_proteins(5), Joined())
    with pytest.raises(ContractError, match="types are known for the edges of the graph only"):
        EDGE_TYPE.compute(inputs, edge_index_of(inputs.graph).flip(1))
