"""Batches are a pure function of (seed, epoch), cover every row once, keep their limits, and resume anywhere."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from protea.datasets.loading import BatchPlan, BatchSampler, StoreBatches, batch_loader
from protea.datasets.sampling import OnePerGroup
from protea.datasets.store import Store, StoreWriter
from protea.errors import InputError
from protea.protein.batch import Extra, ProteinBatch
from tests.datasets.made_proteins import made_protein

lengths_of = st.lists(st.integers(1, 50), min_size=0, max_size=60).map(lambda found: np.array(found, dtype=np.int64))


def plan(lengths: np.ndarray, max_proteins: int = 4, max_residues: int | None = 100, **settings: object) -> BatchPlan:
    rows = np.arange(len(lengths)) * 3 + 1  # rows of the store need not begin at 0
    return BatchPlan(rows, lengths, max_proteins, max_residues, **settings)  # type: ignore[arg-type]


@given(lengths_of, st.integers(0, 9), st.booleans())
def test_every_row_once_within_the_limits(lengths: np.ndarray, epoch: int, shuffle: bool) -> None:
    batches = plan(lengths, shuffle=shuffle).batches(epoch)
    assert sorted(row for batch in batches for row in batch) == (np.arange(len(lengths)) * 3 + 1).tolist()
    for batch in batches:
        assert 1 <= len(batch) <= 4
        assert sum(int(lengths[(row - 1) // 3]) for row in batch) <= 100


@given(lengths_of, st.integers(0, 9))
def test_asking_again_gives_the_same(lengths: np.ndarray, epoch: int) -> None:
    one = plan(lengths, seed=5)
    one.batches(epoch + 1)
    assert one.batches(epoch) == plan(lengths, seed=5).batches(epoch)


def test_epochs_and_seeds_differ() -> None:
    lengths = np.full(100, 10)
    found = [plan(lengths, seed=seed).batches(epoch) for seed in (0, 1) for epoch in (0, 1)]
    assert len({str(batches) for batches in found}) == 4


def test_without_shuffling_the_order_is_kept() -> None:
    batches = plan(np.full(10, 10), shuffle=False).batches(7)
    assert [row for batch in batches for row in batch] == [3 * index + 1 for index in range(10)]
    assert [len(batch) for batch in batches] == [4, 4, 2]


def test_windows_make_lengths_alike_but_batches_stay_mixed() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.integers(40, 400, 2000)

    def spread(window: int) -> float:
        batches = plan(lengths, 8, None, window=window).batches(0)
        return float(np.mean([np.ptp(lengths[(np.array(batch) - 1) // 3]) for batch in batches]))

    assert spread(16) < 0.15 * spread(1)
    means = [lengths[(np.array(batch) - 1) // 3].mean() for batch in plan(lengths, 8, None).batches(0)]
    neighbours = np.corrcoef(means[:-1], means[1:])[0, 1]
    assert abs(neighbours) < 0.2  # short and long batches follow one another at random


def test_a_protein_that_fits_no_batch_is_refused() -> None:
    with pytest.raises(InputError, match="1 proteins are longer than a batch may be; expected <= 100; found up to 101"):
        plan(np.array([5, 101]))
    with pytest.raises(InputError, match="must hold something"):
        plan(np.array([5]), 0)


def test_a_sample_decides_what_an_epoch_holds() -> None:
    sampled = plan(np.full(6, 10), sample=OnePerGroup("aaabbc", seed=0))
    rows = {epoch: sorted(row for batch in sampled.batches(epoch) for row in batch) for epoch in range(20)}
    assert all(len(found) == 3 and found[-1] == 16 for found in rows.values())
    assert len({str(found) for found in rows.values()}) > 1


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("store")
    with StoreWriter(path) as writer:
        for row in range(23):
            writer.append(made_protein(f"p{row}", 3 + row % 9, seed=row))
    return Store(path)


def lengthened(batch: ProteinBatch) -> ProteinBatch:
    """A feature computed in the worker."""
    return batch.with_extra(length=Extra("protein", batch.lengths()))


@pytest.mark.parametrize("num_workers", [0, 2])
def test_workers_change_nothing_and_a_run_resumes_in_the_middle(store: Store, num_workers: int) -> None:
    whole = BatchPlan(np.arange(len(store)), store.lengths, 4, seed=3)
    dataset = StoreBatches(store, labels=["site"], prepare=lengthened)
    sampler = BatchSampler(whole)
    loader = batch_loader(dataset, sampler, num_workers=num_workers)
    sampler.set_epoch(1)
    epoch = list(loader)
    assert [batch.ids for batch in epoch] == [tuple(store.ids[row] for row in rows) for rows in whole.batches(1)]
    assert len(sampler) == len(epoch)
    sampler.set_epoch(1, first_batch=4)
    assert len(sampler) == len(epoch) - 4
    rest = list(loader)
    assert [batch.ids for batch in rest] == [batch.ids for batch in epoch[4:]]
    for one, other in zip(rest, epoch[4:], strict=True):
        assert torch.equal(one.atom_position, other.atom_position)
        assert torch.equal(one.extra["site"].value, other.extra["site"].value)
        assert torch.equal(one.extra["length"].value, one.lengths())
