"""Tables and segments of the same edges give the same sums and spreads."""

import pytest
import torch

from protea.encoders.centred_edges import centred_edges
from protea.errors import InputError
from protea.features.interface import RelationEdges
from protea.geometry.neighbours import NeighbourTable, radius_edges
from tests.encoders.proteins import pack, walk


def test_table_and_segments_agree() -> None:
    batch = pack([walk(20, seed=1), walk(1, seed=2)])
    segments = radius_edges(batch.position, batch.residue_ptr, 9.0)
    table = NeighbourTable.from_edge_index(segments.edge_index(), segments.distance, 21)
    value = torch.randn(21, 3, dtype=torch.float64)
    totals = []
    for graph in (table, segments):
        edges = centred_edges(graph)
        message = value.index_select(0, edges.source) * edges.spread(value)
        totals.append(edges.total(message if edges.weight is None else message * edges.weight[:, None]))
    torch.testing.assert_close(totals[0], totals[1])
    assert float(totals[0][20].abs().max()) == 0.0


def test_a_full_table_has_no_weights() -> None:
    full = pack([walk(17, seed=1)], k=16)
    assert centred_edges(full.graph).weight is None
    assert centred_edges(pack([walk(16, seed=1)], k=16).graph).weight is not None


def test_typed_relations_are_refused() -> None:
    with pytest.raises(InputError, match=r"one kind of edge.*typed relations \('a',\)"):
        centred_edges(RelationEdges(("a",), ()))
