"""Every edge and its opposite stand in the tables once; gathers and their gradients equal those by index."""

import torch
from torch import Tensor

from protea.encoders.centred_edges import centred_edges
from protea.encoders.symmetric_edges import SymmetricEdges, symmetric_edges
from tests.encoders.proteins import pack, walk

CHAINS = (walk(23, seed=1, hide=(4, 9)), walk(1, seed=2), walk(14, seed=3))


def made() -> tuple[SymmetricEdges, set[tuple[int, int]]]:
    """The tables, and all (receiver, sender) of the graph read both ways."""
    graph = pack(CHAINS, k=5).graph
    source, target = graph.edge_index().tolist()
    pairs = set(zip(target, source, strict=True)) | set(zip(source, target, strict=True))
    return symmetric_edges(centred_edges(graph)), pairs


def test_slots_hold_every_edge_both_ways_once() -> None:
    edges, pairs = made()
    centre, source = edges.order[edges.centre[edges.is_edge]], edges.order[edges.source[edges.is_edge]]
    found = list(zip(centre.tolist(), source.tolist(), strict=True))
    assert len(found) == len(set(found))
    assert set(found) == pairs
    assert torch.equal(edges.order[edges.rank], torch.arange(38))
    assert edges.degree.tolist() == [sum(i == residue for i, _ in pairs) for residue in edges.order.tolist()]


def test_opposites_and_empty_slots() -> None:
    edges, _ = made()
    assert torch.equal(edges.opposite[edges.opposite], torch.arange(len(edges.source)))
    assert torch.equal(edges.source[edges.opposite], edges.centre)
    is_empty = ~edges.is_edge
    assert bool(is_empty.any())
    assert torch.equal(edges.opposite[is_empty], torch.arange(len(edges.source))[is_empty])
    assert torch.equal(edges.source[is_empty], edges.centre[is_empty])


def test_blocks_cover_all_slots_as_tables() -> None:
    edges, _ = made()
    slots, ptr = [], edges.slot_ptr
    for block in edges.blocks(3):
        assert block.rows.stop - block.rows.start <= 3
        assert bool((ptr[block.rows.start + 1 : block.rows.stop + 1].diff() == block.width).all())
        assert int(ptr[block.rows.start]) == block.slots.start
        slots += range(block.slots.start, block.slots.stop)
    assert slots == list(range(len(edges.source)))


def test_values_and_gradients_equal_those_by_index() -> None:
    edges, _ = made()
    draw = torch.Generator().manual_seed(0)

    def compare(ours: Tensor, theirs: Tensor, value: Tensor) -> None:
        weight = torch.randn(ours.shape, generator=draw, dtype=torch.float64)
        assert torch.allclose(ours, theirs)
        found, expected = (torch.autograd.grad((out * weight).sum(), value)[0] for out in (ours, theirs))
        assert torch.allclose(found, expected)

    row = torch.randn(38, 3, generator=draw, dtype=torch.float64).requires_grad_()
    slot = torch.randn(len(edges.source), 3, generator=draw, dtype=torch.float64).requires_grad_()
    compare(edges.gather(row), row[edges.source], row)
    compare(edges.spread(row), row[edges.centre], row)
    compare(edges.turn(slot), slot[edges.opposite], slot)
    sent = torch.zeros_like(row).index_add(0, edges.source, slot)
    compare(edges.total_sent(slot), sent, slot)


def test_a_lone_residue_has_no_slots() -> None:
    edges = symmetric_edges(centred_edges(pack([walk(1, seed=1)]).graph))
    assert len(edges.source) == 0
    assert edges.blocks(4) == ()
    assert torch.equal(edges.total_sent(torch.zeros(0, 2)), torch.zeros(1, 2))
