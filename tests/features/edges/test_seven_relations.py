"""The seven relations: names, order, and what each holds."""

import torch

from protea.features.edges.k_nearest import KNearest
from protea.features.edges.radius import Radius
from protea.features.edges.seven_relations import SevenRelations, edges_of_table
from tests.features.proteins import CA, Dense, random_proteins


def place(dense: Dense, chain_of: torch.Tensor | None = None):
    chain_of = dense.chain_of if chain_of is None else chain_of
    return dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, chain_of


def pairs(edges) -> set[tuple[int, int]]:
    return {tuple(pair) for pair in edges.edge_index().T.tolist()}


def test_relations_stand_in_the_published_order() -> None:
    dense = random_proteins(30, 8)
    graph = SevenRelations().build(*place(dense))
    assert graph.names == (
        *("offset -2", "offset -1", "offset +0", "offset +1", "offset +2"),
        *("10 nearest", "within 10 angstrom"),
    )
    for offset, edges in zip((-2, -1, 0, 1, 2), graph.relations, strict=False):
        assert torch.equal(edges.target - edges.source, torch.full_like(edges.source, offset))
        assert len(edges.source) == 38 - 2 * abs(offset)
    assert pairs(graph.relations[5]) == pairs(KNearest(k=10).build(*place(dense)))
    near = Radius(radius=10.0).build(*place(dense))
    assert pairs(graph.relations[6]) == {(i, j) for i, j in pairs(near) if abs(i - j) >= 5}


def test_the_nearest_along_the_chain_are_dropped_after_they_are_found() -> None:
    dense = random_proteins(30, 8)
    config = SevenRelations(nearest_min_offset=5)
    nearest = pairs(config.build(*place(dense)).relations[5])
    assert nearest == {(i, j) for i, j in pairs(KNearest(k=10).build(*place(dense))) if abs(i - j) >= 5}
    assert pairs(config.build(*place(dense)).relations[6]) == pairs(SevenRelations().build(*place(dense)).relations[6])
    chain_of = (torch.arange(38) >= 6).long()
    between = pairs(config.build(*place(dense, chain_of)).relations[5]) - nearest
    assert between
    assert all(abs(i - j) < 5 and (i < 6) != (j < 6) for i, j in between)
    assert SevenRelations.model_validate(config.model_dump()) == config
    assert "nearest_min_offset" not in SevenRelations().model_dump()  # records that were written before stay equal


def test_edges_between_chains_are_near_in_space_not_in_sequence() -> None:
    dense = random_proteins(12)
    chain_of = (torch.arange(12) >= 6).long()
    graph = SevenRelations(radius=50.0).build(*place(dense, chain_of))
    radius = pairs(graph.relations[6])
    assert (5, 6) in radius
    assert (4, 5) not in radius
    assert (5, 6) not in pairs(graph.relations[3])


def test_every_relation_is_a_compressed_row_table(dtype: torch.dtype) -> None:
    dense = random_proteins(20, 1, 2, dtype=dtype).without((3, CA))
    for edges in SevenRelations().build(*place(dense)).relations:
        assert edges.distance.dtype == dtype
        row = torch.arange(23).repeat_interleave(edges.edge_ptr.diff())
        assert torch.equal(edges.target, row)
        assert not bool(((edges.source == 3) | (edges.target == 3)).any())
        rising = edges.source.diff() > 0
        assert bool((rising | (edges.target.diff() > 0)).all())
        expected = (dense.position[edges.source, CA] - dense.position[edges.target, CA]).norm(dim=-1)
        torch.testing.assert_close(edges.distance, expected, atol=1e-5, rtol=0)


def test_the_edges_of_a_table_keep_their_distances() -> None:
    dense = random_proteins(7, 2)
    table = KNearest(k=3).build(*place(dense))
    edges = edges_of_table(table)
    assert pairs(edges) == pairs(table)
    of_pair = dict(zip(map(tuple, table.edge_index().T.tolist()), table.distance[table.is_edge].tolist(), strict=True))
    assert [of_pair[tuple(pair)] for pair in edges.edge_index().T.tolist()] == edges.distance.tolist()
