"""Neighbour tables and radius edges against brute force, the packing law, ties, masks and gradients."""

import numpy as np
import pytest
import torch

from protea.errors import ContractError, InputError
from protea.geometry.neighbours import NeighbourTable, nearest_neighbours, radius_edges, transpose
from protea.geometry.segments import ptr_from_lengths, segment_of, segment_sum

LENGTHS = torch.tensor([40, 1, 0, 7, 2, 33, 41])
DTYPES = [torch.float32, torch.float64]


def packed_cloud(dtype: torch.dtype, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    ptr = ptr_from_lengths(LENGTHS)
    position = torch.randn(int(ptr[-1]), 3, dtype=dtype, generator=torch.Generator().manual_seed(seed)) * 8
    return position, ptr


def brute_force(position, ptr, is_valid=None):
    """Return all (target, source, distance) pairs by a full matrix, sorted by target, distance, source."""
    owner = segment_of(ptr)
    distance = (position[:, None] - position[None]).norm(dim=-1)
    keep = (owner[:, None] == owner[None]) & ~torch.eye(len(position), dtype=torch.bool)
    if is_valid is not None:
        keep &= is_valid[:, None] & is_valid[None]
    return [
        sorted((distance[i, j].item(), j) for j in keep[i].nonzero().flatten().tolist()) for i in range(len(position))
    ]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("masked", [False, True])
def test_nearest_neighbours_equal_brute_force(dtype, masked):
    position, ptr = packed_cloud(dtype)
    is_valid = torch.rand(len(position), generator=torch.Generator().manual_seed(5)) > 0.3 if masked else None
    table = nearest_neighbours(position, ptr, 16, is_valid)
    for i, expected in enumerate(brute_force(position, ptr, is_valid)):
        found = table.neighbour[i][table.is_edge[i]].tolist()
        assert found == [j for _, j in expected[:16]]
        assert table.is_edge[i].tolist() == [True] * len(found) + [False] * (16 - len(found))
        assert (table.neighbour[i, len(found) :] == i).all()
        assert (table.distance[i, len(found) :] == 0).all()
        reference = torch.tensor([d for d, _ in expected[:16]], dtype=dtype)
        torch.testing.assert_close(table.distance[i, : len(found)], reference)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_protein_has_bitwise_the_same_neighbours_alone_and_packed(dtype):
    position, ptr = packed_cloud(dtype)
    packed, edges = nearest_neighbours(position, ptr, 9), radius_edges(position, ptr, 9.0)
    for p in range(len(LENGTHS)):
        rows = slice(int(ptr[p]), int(ptr[p + 1]))
        single_ptr = torch.tensor([0, int(LENGTHS[p])])
        single = nearest_neighbours(position[rows], single_ptr, 9)
        assert torch.equal(single.neighbour + ptr[p], packed.neighbour[rows])
        assert torch.equal(single.is_edge, packed.is_edge[rows])
        assert torch.equal(single.distance, packed.distance[rows])
        alone = radius_edges(position[rows], single_ptr, 9.0)
        part = slice(int(edges.edge_ptr[ptr[p]]), int(edges.edge_ptr[ptr[p + 1]]))
        assert torch.equal(alone.source + ptr[p], edges.source[part])
        assert torch.equal(alone.distance, edges.distance[part])


@pytest.mark.parametrize("dtype", DTYPES)
def test_ties_are_broken_by_index(dtype):
    grid = torch.cartesian_prod(*[torch.arange(4, dtype=dtype)] * 3)
    table = nearest_neighbours(grid, torch.tensor([0, 64]), 10)
    for i, expected in enumerate(brute_force(grid, torch.tensor([0, 64]))):
        assert table.neighbour[i].tolist() == [j for _, j in expected[:10]]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("cap", [None, 3, 100])
def test_radius_edges_equal_brute_force(dtype, cap):
    position, ptr = packed_cloud(dtype)
    edges = radius_edges(position, ptr, 10.0, max_neighbours=cap)
    for i, expected in enumerate(brute_force(position, ptr)):
        part = slice(int(edges.edge_ptr[i]), int(edges.edge_ptr[i + 1]))
        inside = [j for d, j in expected if d < 10.0][:cap]
        assert edges.source[part].tolist() == sorted(inside)
        assert (edges.target[part] == i).all()


def test_radius_is_strict():
    position = torch.tensor([[0.0, 0, 0], [3, 0, 0], [0, 2.5, 0]])
    edges = radius_edges(position, torch.tensor([0, 3]), 3.0)
    assert edges.edge_index().tolist() == [[2, 0], [0, 2]]
    assert edges.distance.tolist() == [2.5, 2.5]


def test_hidden_positions_are_never_read():
    position, ptr = packed_cloud(torch.float32)
    is_valid = torch.arange(len(position)) % 3 != 0
    hidden = position.clone()
    hidden[~is_valid] = torch.nan
    hidden.requires_grad_()
    for build in (
        lambda x: nearest_neighbours(x, ptr, 8, is_valid),
        lambda x: radius_edges(x, ptr, 9.0, None, is_valid),
    ):
        seen, blind = build(position), build(hidden)
        assert torch.equal(seen.distance, blind.distance.detach())
        (gradient,) = torch.autograd.grad(blind.distance.sum(), hidden)
        assert gradient.isfinite().all()
        assert (gradient[~is_valid] == 0).all()
    with pytest.raises(InputError, match="is_valid"):
        nearest_neighbours(hidden, ptr, 8)


def test_distance_gradient_is_the_unit_vector_and_zero_for_coincident_points():
    position = torch.tensor([[0.0, 0, 0], [3, 4, 0], [3, 4, 0]], dtype=torch.float64, requires_grad=True)
    table = nearest_neighbours(position, torch.tensor([0, 3]), 1)
    assert table.distance.flatten().tolist() == [5.0, 0.0, 0.0]
    (gradient,) = torch.autograd.grad(table.distance.sum(), position)
    torch.testing.assert_close(gradient, torch.tensor([[-0.6, -0.8, 0], [0.6, 0.8, 0], [0, 0, 0]], dtype=torch.float64))


def test_edge_index_round_trip_from_any_order():
    position, ptr = packed_cloud(torch.float64)
    table = nearest_neighbours(position, ptr, 12)
    index = table.edge_index()
    assert (index[1].diff() >= 0).all()
    assert index.shape[1] == int(table.is_edge.sum())
    shuffle = torch.randperm(index.shape[1], generator=torch.Generator().manual_seed(0))
    back = NeighbourTable.from_edge_index(index[:, shuffle], table.distance[table.is_edge][shuffle], len(position))
    for name in ("neighbour", "is_edge", "distance"):
        assert torch.equal(getattr(back, name), getattr(table, name))


def test_transpose_gathers_what_a_scatter_would_add():
    position, ptr = packed_cloud(torch.float64)
    table = nearest_neighbours(position, ptr, 6)
    message = torch.randn(len(position), 6, 4, dtype=torch.float64)
    who = transpose(table)
    gathered = segment_sum(message.flatten(0, 1)[who.slot], who.edge_ptr)
    scattered = torch.zeros(len(position), 4, dtype=torch.float64)
    scattered.index_add_(0, table.neighbour[table.is_edge], message[table.is_edge])
    torch.testing.assert_close(gathered, scattered)


def test_empty_batch_and_empty_proteins():
    nothing = torch.zeros(0, 3)
    assert nearest_neighbours(nothing, torch.tensor([0]), 4).neighbour.shape == (0, 4)
    edges = radius_edges(nothing, torch.tensor([0, 0]), 4.0)
    assert edges.edge_ptr.tolist() == [0]
    assert edges.source.shape == (0,)


def test_wrong_arguments_are_refused():
    position, ptr = packed_cloud(torch.float32)
    with pytest.raises(InputError, match="k >= 1"):
        nearest_neighbours(position, ptr, 0)
    with pytest.raises(InputError, match="radius > 0"):
        radius_edges(position, ptr, 0.0)
    with pytest.raises(InputError, match="max_neighbours >= 1"):
        radius_edges(position, ptr, 5.0, max_neighbours=0)
    with pytest.raises(ContractError, match="offsets"):
        nearest_neighbours(position, ptr[:-1], 4)
    with pytest.raises(InputError, match="outside"):
        NeighbourTable.from_edge_index(torch.tensor([[5], [0]]), torch.ones(1), 5)


def test_golden_graphs_of_real_chains(shared_goldens):
    folder = shared_goldens / "features" / "ca_bb"
    inputs, outputs = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    # The reference keeps CA in column 1 of its atom table.
    position, ptr = torch.from_numpy(inputs["coords"][:, 1]), torch.from_numpy(inputs["residue_ptr"])
    table = nearest_neighbours(position, ptr, 16)
    assert np.array_equal(table.edge_index().numpy(), outputs["knn16_edge_index"])
    assert np.abs(table.distance.numpy().reshape(-1, 1) - outputs["knn16_edge_distance"]).max() < 1e-4
    found = {tuple(pair) for pair in radius_edges(position, ptr, 8.0).edge_index().T.tolist()}
    assert found == {tuple(pair) for pair in outputs["eps8_edge_index"].T.tolist()}


def test_blocks_do_not_change_the_result(monkeypatch, dtype):
    position, ptr = packed_cloud(dtype)
    whole, edges = nearest_neighbours(position, ptr, 9), radius_edges(position, ptr, 9.0)
    monkeypatch.setattr("protea.geometry.pair_blocks._NUM_PAIRS_CPU", 100)
    pieces, parts = nearest_neighbours(position, ptr, 9), radius_edges(position, ptr, 9.0)
    assert torch.equal(whole.neighbour, pieces.neighbour)
    assert torch.equal(whole.distance, pieces.distance)
    assert torch.equal(edges.edge_index(), parts.edge_index())
    assert torch.equal(edges.edge_ptr, parts.edge_ptr)
