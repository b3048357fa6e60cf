"""The order of typed edges, and sums of edge features against the features themselves."""

import torch

from protea.encoders.relational_edges import (
    edge_features,
    edge_width,
    num_relations,
    relational_edges,
    summed_features,
)
from protea.features.edges.catalogue import Joined, KNearest, OneRelation, Radius, Sequential, SevenRelations
from tests.encoders.proteins import NUM_FEATURES, pack, walk

CHAINS = [walk(20, seed=1, hide=(4,), break_at=9), walk(1, seed=2), walk(6, seed=3)]


def test_relations_are_counted() -> None:
    assert num_relations(SevenRelations()) == 7
    assert num_relations(OneRelation()) == num_relations(KNearest()) == 1
    assert num_relations(Joined(graphs=(KNearest(), Radius(), Sequential()))) == 3
    assert num_relations(Joined(is_typed=False)) == 1


def test_edges_are_sorted_and_sums_of_features_equal_the_features() -> None:
    batch = pack(CHAINS, graph=SevenRelations())
    edges = relational_edges(batch.graph, 7, batch.position, 0.0)
    key = edges.target * 7 + edges.relation
    assert bool((key[1:] >= key[:-1]).all())
    features = edge_features(batch.scalar, edges)
    assert features.shape == (len(edges.source), edge_width(NUM_FEATURES, 7))
    distance = (batch.position[edges.source] - batch.position[edges.target]).norm(dim=1)
    torch.testing.assert_close(features[:, -1], distance)
    expected = torch.zeros(27 * 7, features.shape[1], dtype=torch.float64).index_add(0, key, features)
    summed, degree = summed_features(batch.scalar, edges)
    torch.testing.assert_close(summed, expected)
    assert torch.equal(degree[:, 0], torch.bincount(key, minlength=27 * 7).double())


def test_published_distances_carry_their_offset() -> None:
    batch = pack(CHAINS, graph=OneRelation(k=3))
    plain, shifted = (relational_edges(batch.graph, 1, batch.position, eps) for eps in (0.0, 1e-6))
    difference = (shifted.distance - plain.distance).abs()
    assert 1e-9 < float(difference.max()) < 2e-6
