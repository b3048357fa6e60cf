"""Several graphs as one: relations in their order, or the union of their edges."""

import pytest
import torch
from pydantic import ValidationError

from protea.features.edges.joined import Joined, each_edge_once
from protea.features.edges.k_nearest import KNearest
from protea.features.edges.radius import Radius
from protea.features.edges.sequential import Sequential
from protea.features.interface import RelationEdges
from tests.features.proteins import CA, Dense, random_proteins

GRAPHS = (KNearest(k=3), Radius(radius=7.0), Sequential(offsets=(1, 2)))


def place(dense: Dense):
    return dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of


def pairs(edges) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in edges.edge_index().T.tolist()]


def test_each_relation_holds_the_edges_of_its_graph() -> None:
    dense = random_proteins(14, 6)
    graph = Joined(graphs=GRAPHS).build(*place(dense))
    assert isinstance(graph, RelationEdges)
    assert graph.names == ("3 nearest", "within 7 angstrom", "offset +1, +2")
    for edges, alone in zip(graph.relations, GRAPHS, strict=True):
        assert sorted(pairs(edges)) == sorted(pairs(alone.build(*place(dense))))
        distance = (dense.position[edges.source, CA] - dense.position[edges.target, CA]).norm(dim=1)
        torch.testing.assert_close(edges.distance, distance)


def test_without_types_each_edge_stands_once_by_target_then_source() -> None:
    dense = random_proteins(14, 6).without((3, CA))
    typed = Joined(graphs=GRAPHS).build(*place(dense))
    edges = Joined(graphs=GRAPHS, is_typed=False).build(*place(dense))
    both = [pair for relation in typed.relations for pair in pairs(relation)]
    assert len(both) > len(set(both))
    assert [(target, source) for source, target in pairs(edges)] == sorted((t, s) for s, t in set(both))
    assert edges.edge_ptr.tolist() == [sum(t < row for _, t in set(both)) for row in range(21)]
    distance = (dense.position[edges.source, CA] - dense.position[edges.target, CA]).norm(dim=1)
    torch.testing.assert_close(edges.distance, distance)


def test_the_union_with_itself_is_itself_and_keeps_gradients() -> None:
    dense = random_proteins(9)
    position = dense.position[:, CA].clone().requires_grad_()
    edges = Radius(radius=8.0).build(position, *place(dense)[1:])
    union = each_edge_once((edges, edges))
    assert pairs(union) == pairs(edges)
    assert torch.equal(union.edge_ptr, edges.edge_ptr)
    (first,) = torch.autograd.grad(union.distance.square().sum(), position, retain_graph=True)
    (second,) = torch.autograd.grad(edges.distance.square().sum(), position)
    torch.testing.assert_close(first, second)


def test_no_graph_and_typed_graphs_cannot_be_joined() -> None:
    with pytest.raises(ValidationError):
        Joined(graphs=())
    with pytest.raises(ValidationError, match="seven_relations"):
        Joined.model_validate({"graphs": [{"kind": "seven_relations"}]})
