"""Tables and segments of the same edges give the same sums as a loop."""

import pytest
import torch

from protea.encoders import centred_edges as centred_edges_module
from protea.encoders.centred_edges import centred_edges, without_loops
from protea.encoders.row_sums import sum_rows
from protea.errors import InputError
from protea.features.interface import Graph, RelationEdges
from protea.geometry.neighbours import NeighbourTable, radius_edges
from tests.encoders.proteins import pack, walk

CHAINS = (walk(20, seed=1), walk(1, seed=2))


def graphs() -> list[Graph]:
    """The same edges three ways: as segments, as a table with empty slots, and a full table."""
    batch = pack(CHAINS)
    segments = radius_edges(batch.position, batch.residue_ptr, 9.0)
    table = NeighbourTable.from_edge_index(segments.edge_index(), segments.distance, 21)
    return [segments, table, pack([walk(21, seed=3)], k=5).graph]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_sums_equal_a_loop_over_edges(which: int) -> None:
    edges = centred_edges(graphs()[which])
    assert (edges.width is None) == (which < 2)
    value = torch.randn(21, 3, dtype=torch.float64)
    message = torch.randn(len(edges.source), 3, dtype=torch.float64)
    received, sent, neighbours = torch.zeros(3, 21, 3, dtype=torch.float64)
    for e, (source, centre) in enumerate(zip(edges.source.tolist(), edges.centre.tolist(), strict=True)):
        assert edges.edge_ptr[centre] <= e < edges.edge_ptr[centre + 1]
        received[centre] += message[e]
        sent[source] += message[e]
        neighbours[centre] += value[source]
    torch.testing.assert_close(edges.total(message), received)
    torch.testing.assert_close(edges.total_by_source(message), sent)
    torch.testing.assert_close(sum_rows(value, edges.incidence), neighbours)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_blocks_cover_all_edges_and_sum_like_the_whole(which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    edges = centred_edges(graphs()[which])
    monkeypatch.setattr(centred_edges_module, "_BLOCK_VALUES", {"cpu": 60})
    message = torch.randn(len(edges.source), 3, dtype=torch.float64)
    value = torch.randn(21, 3, dtype=torch.float64)
    blocks = list(edges.blocks(3))
    assert len(blocks) > 3
    total = torch.cat([edges.block_total(message[block.edges], block) for block in blocks])
    torch.testing.assert_close(total, edges.total(message))
    for block in blocks:
        part = message[block.edges].clone()
        edges.add_centre(part, value, block)
        torch.testing.assert_close(part, message[block.edges] + value[edges.centre[block.edges]])


@pytest.mark.parametrize("which", [0, 1, 2])
def test_pairs_join_the_two_directions(which: int) -> None:
    edges = centred_edges(graphs()[which])
    ends = [tuple(sorted(pair)) for pair in zip(edges.source.tolist(), edges.centre.tolist(), strict=True)]
    pairs = edges.pairs
    assert len(pairs.first) == len(set(ends))
    for e, pair in enumerate(pairs.of_edge.tolist()):
        assert ends[e] == ends[int(pairs.first[pair])]
    joined = set(zip(edges.source.tolist(), edges.centre.tolist(), strict=True))
    ways = list(zip(pairs.source.tolist(), pairs.target.tolist(), strict=True))
    for i, (source, target) in enumerate(ways):
        assert (source, target) in joined
        assert ((target, source) in joined) == (i < pairs.num_both)
    table = ways + [(target, source) for source, target in ways[: pairs.num_both]]
    assert [table[row] for row in pairs.row_of_edge.tolist()] == list(
        zip(edges.source.tolist(), edges.centre.tolist(), strict=True)
    )


def test_typed_relations_are_refused() -> None:
    with pytest.raises(InputError, match=r"one kind of edge.*typed relations \('a',\)"):
        centred_edges(RelationEdges(("a",), ()))


def test_repeated_edges_are_pairs_of_their_own() -> None:
    # 0 -> 1 three times and back twice, 2 -> 1 twice, a loop at 0 twice.
    ends = [(0, 1), (1, 0), (0, 1), (2, 1), (0, 1), (1, 0), (0, 0), (2, 1), (0, 0)]
    index = torch.tensor(ends).T
    edges = centred_edges(NeighbourTable.from_edge_index(index, torch.ones(len(ends)), 3))
    pairs = edges.pairs
    assert (len(pairs.first), pairs.num_both) == (3 + 2 + 2, 2)
    assert sorted(pairs.row_of_edge.tolist()) == list(range(len(ends)))
    ways = list(zip(pairs.source.tolist(), pairs.target.tolist(), strict=True))
    table = ways + [(target, source) for source, target in ways[: pairs.num_both]]
    assert [table[row] for row in pairs.row_of_edge.tolist()] == list(
        zip(edges.source.tolist(), edges.centre.tolist(), strict=True)
    )


def test_loops_are_taken_out_and_told() -> None:
    index = torch.tensor([[0, 1, 1, 2], [1, 1, 0, 1]])
    edges = centred_edges(NeighbourTable.from_edge_index(index, torch.tensor([1.0, 0.5, 2.0, 3.0]), 3))
    kept, has_loop, of_loop = without_loops(edges)
    assert (kept.source.tolist(), kept.centre.tolist(), kept.distance.tolist()) == (
        [1, 0, 2],
        [0, 1, 1],
        [2.0, 1.0, 3.0],
    )
    assert has_loop.tolist() == [False, True, False]
    assert of_loop.tolist() == [0.0, 0.5, 0.0]
    again, has_none, _ = without_loops(kept)
    assert again is kept
    assert not bool(has_none.any())
