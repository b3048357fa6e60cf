"""Features of edges stand in the order in which encoders hold the edges of a graph."""

import pytest
import torch

from protea.encoders.centred_edges import centred_edges
from protea.encoders.relational_edges import num_relations, relational_edges
from protea.features.edge_features.edge_type import EDGE_TYPE
from protea.features.edges.catalogue import GRAPHS, Joined, PredictedContacts
from protea.features.interface import FeaturisedBatch, RelationEdges, edge_index_of
from protea.features.schemes import SchemeConfig
from tests.features.proteins import CA, random_proteins

CONFIGS = [*(graph() for graph in GRAPHS if graph is not PredictedContacts), Joined(is_typed=False)]
REPRESENTATIONS = ("ca", "backbone")


def rows_of(graph, representation: str) -> FeaturisedBatch:  # type: ignore[no-untyped-def]
    dense = random_proteins(20, 1, 9).without((4, CA))
    inputs = SchemeConfig(representation=representation).build()(dense.batch(), graph)
    return inputs if inputs.nodes is None else inputs.nodes.inputs


@pytest.mark.parametrize("representation", REPRESENTATIONS)
@pytest.mark.parametrize("graph", CONFIGS, ids=lambda graph: graph.kind)
def test_untyped_edges_stand_as_they_are_and_typed_ones_by_target_then_type(graph, representation: str) -> None:  # type: ignore[no-untyped-def]
    inputs = rows_of(graph, representation)
    source, target = edge_index_of(inputs.graph)
    if not isinstance(inputs.graph, RelationEdges):
        edges = centred_edges(inputs.graph)
        assert torch.equal(edges.source, source)
        assert torch.equal(edges.centre, target)
        return
    number = num_relations(graph)
    held = relational_edges(inputs.graph, number, inputs.position, 0.0)
    relation = EDGE_TYPE.compute(inputs, edge_index_of(inputs.graph))[:, 0].long()
    order = torch.argsort(target * number + relation, stable=True)
    assert torch.equal(held.source, source[order])
    assert torch.equal(held.target, target[order])
    assert torch.equal(held.relation, relation[order])
