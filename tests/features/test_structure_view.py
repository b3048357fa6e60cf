"""The view gathers the right atoms and knows which rows follow each other."""

import torch

from protea.features.structure_view import StructureView
from tests.features.proteins import CA, C, N, random_proteins


def test_atoms_are_those_of_the_dense_arrays() -> None:
    dense = random_proteins(6, 3).without((2, C), (4, N), (7, CA))
    view = StructureView(dense.batch())
    for position, is_resolved, code in (
        (view.n, view.has_n, N),
        (view.ca, view.has_ca, CA),
        (view.c, view.has_c, C),
    ):
        assert torch.equal(is_resolved, dense.is_resolved[:, code])
        assert torch.equal(position, dense.position[:, code] * is_resolved[:, None])
    everything, is_resolved = view.atom37
    assert torch.equal(is_resolved, dense.is_resolved)
    assert torch.equal(everything, dense.position * is_resolved[..., None])


def test_rows_are_counted_in_each_protein() -> None:
    view = StructureView(random_proteins(3, 0, 1, 2).batch())
    assert view.protein_of.tolist() == [0, 0, 0, 2, 3, 3]
    assert view.index_in_protein.tolist() == [0, 1, 2, 0, 0, 1]


def test_links_stop_at_proteins_chains_and_breaks() -> None:
    batch = random_proteins(5, 4).cut_before(2).batch()
    batch = batch.replace(chain_of=torch.tensor([0, 0, 0, 1, 1, 0, 0, 0, 0]))
    # Rows 1|2 are cut in space, 2|3 are two chains, 4|5 two proteins.
    assert StructureView(batch).is_linked.tolist() == [True, False, False, True, False, True, True, True, False]
    published = StructureView(batch, "published").is_linked
    assert published.tolist() == [True, True, True, True, False, True, True, True, False]


def test_are_linked_looks_at_every_step_of_the_window() -> None:
    view = StructureView(random_proteins(4, 3).batch())
    assert view.are_linked(-1, 2).tolist() == [False, True, False, False, False, False, False]
    assert view.are_linked(0, 1).tolist() == view.is_linked.tolist()
    assert view.are_linked(-2, 0).tolist() == [False, False, True, True, False, False, True]
