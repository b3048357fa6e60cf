"""Hidden edges are gone from every kind of graph, in both directions, and nothing else is."""

import pytest
import torch
from torch import Tensor

from protea.features.edges.catalogue import KNearest, OneRelation, Radius, Sequential, SevenRelations
from protea.features.hidden_edges import hidden_groups, hide_groups, hide_random_edges, visible_graph
from protea.features.interface import Graph, RelationEdges
from protea.features.schemes import SchemeConfig
from protea.geometry.neighbours import NeighbourTable
from protea.protein.batch import ProteinBatch, concat
from tests.features.proteins import random_proteins

GRAPHS = [KNearest(k=5), Radius(radius=9.0), Sequential(offsets=(-1, 0, 1)), OneRelation(k=4), SevenRelations()]


def edges_of(graph: Graph) -> list[tuple[int, int, int, float]]:
    """Every edge as relation, source, target, distance."""
    if isinstance(graph, RelationEdges):
        parts = [(number, edges.edge_index(), edges.distance) for number, edges in enumerate(graph.relations)]
    else:
        distance = graph.distance[graph.is_edge] if isinstance(graph, NeighbourTable) else graph.distance
        parts = [(0, graph.edge_index(), distance)]
    return [(n, int(a), int(b), float(d)) for n, index, ds in parts for a, b, d in zip(*index, ds, strict=True)]


def built(graph, batch: ProteinBatch) -> Graph:  # type: ignore[no-untyped-def]
    position, has_ca = batch.ca()
    return graph.build(position, has_ca, batch.residue_ptr, batch.chain_of)


def groups(batch: ProteinBatch, *sets: tuple[int, ...]) -> ProteinBatch:
    """The batch with these groups of three hidden."""
    member = torch.arange(batch.num_residues)[:, None].repeat(1, 2)
    for first, *others in sets:
        member[first] = torch.tensor(others)
    return hide_groups(batch, "test", member)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.kind)
def test_no_two_members_of_a_group_keep_an_edge(graph) -> None:  # type: ignore[no-untyped-def]
    batch = random_proteins(12, 9).batch()
    before = edges_of(built(graph, batch))
    hidden = {frozenset(pair) for pair in ((3, 4), (3, 5), (4, 5), (14, 13), (14, 16), (13, 16))}
    after = edges_of(visible_graph(built(graph, batch), groups(batch, (3, 4, 5), (14, 13, 16))))
    assert after == [edge for edge in before if frozenset(edge[1:3]) not in hidden]
    assert len(after) < len(before)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.kind)
def test_a_residue_that_is_its_own_group_hides_nothing(graph) -> None:  # type: ignore[no-untyped-def]
    batch = random_proteins(12, 1).batch()
    assert edges_of(visible_graph(built(graph, batch), groups(batch))) == edges_of(built(graph, batch))
    plain = built(graph, batch)
    assert visible_graph(plain, batch) is plain


def test_rows_of_a_table_are_filled_from_the_left_by_rising_distance() -> None:
    batch = random_proteins(12).batch()
    plain = built(KNearest(k=5), batch)
    nearest = plain.neighbour[7, :2].tolist()  # type: ignore[union-attr]
    table = visible_graph(plain, groups(batch, (7, *nearest)))
    assert isinstance(table, NeighbourTable)
    assert table.is_edge[7].tolist() == [True] * 3 + [False] * 2
    assert table.neighbour[7].tolist() == [*plain.neighbour[7, 2:].tolist(), 7, 7]  # type: ignore[union-attr]
    assert table.distance[7].tolist() == [*plain.distance[7, 2:].tolist(), 0.0, 0.0]  # type: ignore[union-attr]


def test_groups_follow_their_proteins() -> None:
    one, two = (groups(batch, (1, 2, 4)) for batch in random_proteins(8, 6).batch().unpack())
    packed = concat([one, two])
    assert hidden_groups(packed)["test"][9].tolist() == [10, 12]
    graph = visible_graph(built(KNearest(k=5), packed), packed)
    alone = visible_graph(built(KNearest(k=5), two), packed.select([1]))
    assert [(a - 8, b - 8, d) for _, a, b, d in edges_of(graph) if b >= 8] == [edge[1:] for edge in edges_of(alone)]


def random_edges(batch: ProteinBatch, keys: list[int], shares: list[float]) -> ProteinBatch:
    return hide_random_edges(batch, torch.tensor(keys), torch.tensor(shares, dtype=torch.float64))


def kept(batch: ProteinBatch) -> set[tuple[int, int]]:
    graph = visible_graph(built(KNearest(k=30), batch), batch)
    return {(a, b) for _, a, b, _ in edges_of(graph)}


def test_a_random_share_is_hidden_in_both_directions_and_per_protein() -> None:
    batch = random_proteins(200, 60).batch()
    plain = kept(batch)
    found = kept(random_edges(batch, [5, 6], [0.15, 0.0]))
    assert all((b, a) in found for a, b in found if (b, a) in plain)
    own = [edge for edge in plain if edge[0] < 200]
    assert 0.82 < len([edge for edge in found if edge[0] < 200]) / len(own) < 0.88
    assert {edge for edge in found if edge[0] >= 200} == {edge for edge in plain if edge[0] >= 200}


def test_a_random_share_depends_on_the_key_and_on_nothing_else() -> None:
    batch = random_proteins(30, 30).batch()
    packed = kept(random_edges(batch, [1, 2], [0.5, 0.5]))
    alone = kept(random_edges(batch.select([1]), [2], [0.5]))
    assert {(a - 30, b - 30) for a, b in packed if a >= 30} == alone
    assert kept(random_edges(batch.select([1]), [3], [0.5])) != alone
    assert kept(random_edges(batch.select([1]), [-(2**62)], [0.5])) != alone


def test_neighbouring_keys_and_places_are_independent() -> None:
    batch = random_proteins(40).batch()
    drawn = [kept(random_edges(batch, [key], [0.5])) for key in range(60)]
    every = kept(batch)
    times = torch.tensor([sum((edge in found) for found in drawn) for edge in every], dtype=torch.float64)
    # Binomial with 60 draws at one half: 30 +- 3.87, over all pairs.
    assert abs(float(times.mean()) - 30) < 0.5
    assert 3.4 < float(times.std()) < 4.4


def test_edge_features_and_encoders_see_the_visible_graph_alone() -> None:
    batch = groups(random_proteins(12).batch(), (3, 4, 5))
    inputs = SchemeConfig(kind="ca_angles").build()(batch, KNearest(k=11))
    pairs = {frozenset(edge) for edge in inputs.graph.edge_index().T.tolist()}  # type: ignore[union-attr]
    assert len(pairs) == 12 * 11 // 2 - 3
    assert torch.equal(inputs.hidden_groups["test"], hidden_groups(batch)["test"])


def test_the_hash_is_the_published_one() -> None:
    # splitmix64 of the state 0 gives these numbers in turn (its authors' reference outputs).
    from protea.features.hidden_edges import _STEP, _mixed

    state = torch.arange(1, 4) * _STEP
    found: Tensor = _mixed(state)
    assert [value % 2**64 for value in found.tolist()] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_hidden_pairs_of_residues_are_hidden_between_all_their_atoms() -> None:
    batch = groups(random_proteins(6).batch(), (1, 2, 4))
    inputs = SchemeConfig(kind="ca_seq", representation="backbone").build()(batch, KNearest(k=23)).nodes
    assert inputs is not None
    residue = inputs.inputs.residue_of
    pairs = {(int(residue[a]), int(residue[b])) for a, b in inputs.inputs.graph.edge_index().T}  # type: ignore[union-attr, index]
    assert pairs == {(a, b) for a in range(6) for b in range(6) if a == b or not {a, b} <= {1, 2, 4}}
