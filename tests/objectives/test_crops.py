"""Crops hold the residues that they name with all their atoms, of one chain or around one place."""

import torch

from protea.objectives.crops import cropped, sphere_rows, stretch_rows
from protea.protein.batch import Extra, ProteinBatch
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import random_proteins

LENGTHS = (30, 12, 1)


def batch_of() -> ProteinBatch:
    return random_proteins(*LENGTHS).batch()


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_stretch_is_a_run_of_rows_and_every_start_is_as_likely() -> None:
    batch = batch_of()
    starts = []
    for seed in range(600):
        rows = stretch_rows(batch, 1, 10, generator(seed))
        assert rows.tolist() == list(range(int(rows[0]), int(rows[0]) + 10))
        starts.append(int(rows[0]))
    counts = torch.bincount(torch.tensor(starts) - 30, minlength=3)
    assert counts.min() > 200 - 5 * 12  # 200 +- 11.5 each of the three places
    assert len(counts) == 3


def test_a_short_chain_is_taken_whole_and_chains_are_not_mixed() -> None:
    batch = batch_of()
    assert stretch_rows(batch, 1, 50, generator(0)).tolist() == list(range(30, 42))
    assert stretch_rows(batch, 2, 50, generator(0)).tolist() == [42]
    chain_of = torch.tensor([0] * 10 + [1] * 20 + [0] * 13)
    found = {
        tuple(stretch_rows(batch.replace(chain_of=chain_of), 0, 50, generator(seed)).tolist()) for seed in range(40)
    }
    assert found == {tuple(range(10)), tuple(range(10, 30))}


def test_a_sphere_holds_all_resolved_residues_around_one() -> None:
    batch = random_proteins(60, 40).without((65, ATOM_CODE["CA"])).batch()
    position, has_ca = batch.ca()
    sizes = set()
    for seed in range(30):
        rows = sphere_rows(batch, 1, position, has_ca, 9.0, generator(seed))
        assert 65 not in rows.tolist()
        own = torch.arange(60, 100)[has_ca[60:]]
        balls = [own[(position[own] - position[centre]).norm(dim=1) <= 9.0].tolist() for centre in own]
        assert rows.tolist() in balls
        sizes.add(len(rows))
    assert len(sizes) > 3
    assert sphere_rows(batch, 0, position, torch.zeros_like(has_ca), 9.0, generator(0)).tolist() == []


def test_a_crop_holds_its_residues_with_their_atoms() -> None:
    batch = batch_of()
    rows = [torch.tensor([3, 4, 9]), torch.tensor([42]), torch.zeros(0, dtype=torch.long), torch.tensor([31, 30])]
    crops = cropped(batch, rows, ["a", "b", "c", "d"])
    assert crops.ids == ("a", "b", "c", "d")
    assert crops.lengths().tolist() == [3, 1, 0, 2]
    index = torch.cat(rows)
    for name in ("residue_type", "chain_of", "author_number"):
        assert torch.equal(getattr(crops, name), getattr(batch, name)[index])
    codes = range(37)
    (found, has), (whole, had) = crops.atoms(codes), batch.atoms(codes)
    assert torch.equal(has, had[index])
    assert torch.equal(found, whole[index])
    assert not cropped(batch, [], []).ids


def test_a_crop_holds_the_embeddings_of_its_residues_and_no_label() -> None:
    batch = batch_of()
    value = torch.arange(2.0 * batch.num_residues).reshape(-1, 2)
    batch = batch.with_extra(**{"embedding.plm": Extra("residue", value), "site": Extra("residue", value)})
    rows = [torch.tensor([31, 30]), torch.tensor([3])]
    crops = cropped(batch, rows, ["a", "b"])
    assert set(crops.extra) == {"embedding.plm"}
    assert torch.equal(crops.extra["embedding.plm"].value, value[torch.cat(rows)])
