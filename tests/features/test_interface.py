"""The dataclasses of the interface keep their promises."""

import pytest
import torch

from protea.features.edge_features.distance import DISTANCE
from protea.features.edges.catalogue import KNearest, OneRelation, SevenRelations
from protea.features.interface import EdgeFeature, RelationEdges, ResidueFeature, edge_index_of
from protea.features.schemes import SchemeConfig
from tests.features.proteins import random_proteins


def test_the_width_of_a_feature_is_that_of_its_parity() -> None:
    feature = ResidueFeature("f", parity=(1, -1, 1), reveals=frozenset(), compute=lambda view: view.ca)
    assert feature.dim == 3
    assert EdgeFeature("f", is_vector=True, parity=(1, -1), compute=DISTANCE.compute).dim == 2


def test_replace_changes_the_named_field_only() -> None:
    inputs = SchemeConfig().build()(random_proteins(5).batch(), KNearest())
    changed = inputs.replace(scalar=inputs.scalar + 1)
    assert torch.equal(changed.scalar, inputs.scalar + 1)
    assert changed.graph is inputs.graph
    with pytest.raises(AttributeError):
        inputs.scalar = changed.scalar


def test_relation_edges_keep_names_and_order_on_another_device() -> None:
    graph = SchemeConfig().build()(random_proteins(5).batch(), OneRelation(k=2)).graph
    moved = RelationEdges(("a", "b"), (*graph.relations, *graph.relations)).to("meta")
    assert moved.names == ("a", "b")
    assert [edges.source.device.type for edges in moved.relations] == ["meta", "meta"]


def test_edges_come_by_target_and_typed_ones_relation_after_relation() -> None:
    inputs = SchemeConfig().build()(random_proteins(12).batch(), SevenRelations(k=2))
    edge_index = edge_index_of(inputs.graph)
    distance = torch.cat([edges.distance for edges in inputs.graph.relations])
    torch.testing.assert_close(DISTANCE.compute(inputs, edge_index)[:, 0], distance)
    table = SchemeConfig().build()(random_proteins(12).batch(), KNearest(k=2)).graph
    assert torch.equal(edge_index_of(table), table.edge_index())


def test_prompts_are_named_beside_what_is_read() -> None:
    inputs = SchemeConfig().build()(random_proteins(5).batch(), KNearest())
    assert inputs.prompts is None
    changed = inputs.with_prompts(["seq", "ic"])
    assert changed.prompts == ("seq", "ic")
    assert changed.scalar is inputs.scalar
    assert changed.with_prompts(()).prompts == ()
    assert changed.with_prompts(None).prompts is None
