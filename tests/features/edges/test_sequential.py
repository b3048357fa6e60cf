"""Edges along the sequence: right offsets, never over a protein, a chain or an unresolved residue."""

import pytest
import torch
from pydantic import ValidationError

from protea.features.edges.sequential import Sequential, sequence_edges
from tests.features.proteins import CA, random_proteins


def edges_of(dense, *offsets: int, chain_of: torch.Tensor | None = None):
    return sequence_edges(
        dense.position[:, CA],
        dense.is_resolved[:, CA],
        dense.residue_ptr,
        dense.chain_of if chain_of is None else chain_of,
        offsets,
    )


def pairs(edges) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in edges.edge_index().T.tolist()]


def test_the_target_is_the_source_plus_the_offset() -> None:
    assert pairs(edges_of(random_proteins(4), 1)) == [(0, 1), (1, 2), (2, 3)]
    assert pairs(edges_of(random_proteins(4), -2)) == [(2, 0), (3, 1)]
    assert pairs(edges_of(random_proteins(2), 0)) == [(0, 0), (1, 1)]


def test_several_offsets_are_merged_by_target_with_rising_sources() -> None:
    edges = edges_of(random_proteins(4), 1, -1, 1)
    assert pairs(edges) == [(1, 0), (0, 1), (2, 1), (1, 2), (3, 2), (2, 3)]
    assert edges.edge_ptr.tolist() == [0, 1, 3, 5, 6]


def test_no_edge_joins_two_proteins_or_two_chains() -> None:
    # The published mask looks at the wrong rows: sizes 5, 4, 6 gave two edges across.
    edges = edges_of(random_proteins(5, 4, 6), 1)
    assert pairs(edges) == [(row, row + 1) for row in range(14) if row not in (4, 8)]
    chain_of = torch.tensor([0, 0, 1, 1])
    assert pairs(edges_of(random_proteins(4), 1, chain_of=chain_of)) == [(0, 1), (2, 3)]
    assert pairs(edges_of(random_proteins(4), 2, chain_of=chain_of)) == []


def test_unresolved_residues_have_no_edge() -> None:
    assert pairs(edges_of(random_proteins(4).without((2, CA)), 0, 1, 2)) == [(0, 0), (0, 1), (1, 1), (1, 3), (3, 3)]


def test_distances_and_their_gradient_at_a_self_loop() -> None:
    dense = random_proteins(5)
    position = dense.position[:, CA].clone().requires_grad_()
    edges = sequence_edges(position, dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of, (0, 1))
    expected = (position[edges.source] - position[edges.target]).norm(dim=-1)
    torch.testing.assert_close(edges.distance, expected)
    edges.distance.sum().backward()
    assert bool(position.grad.isfinite().all())


@pytest.mark.parametrize("lengths", [(0,), (1,), (1, 0, 1)])
def test_short_proteins(lengths: tuple[int, ...]) -> None:
    assert pairs(edges_of(random_proteins(*lengths), -1, 1)) == []


def test_the_configuration_passes_its_offsets_on() -> None:
    dense = random_proteins(4)
    place = (dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)
    assert pairs(Sequential().build(*place)) == pairs(edges_of(dense, -1, 1))
    assert pairs(Sequential(offsets=(3,)).build(*place)) == [(0, 3)]
    with pytest.raises(ValidationError):
        Sequential(offsets=())
