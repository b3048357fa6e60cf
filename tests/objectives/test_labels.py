"""Labels that travel with a batch become targets, or the batch is refused."""

import pytest
import torch

from protea.errors import ContractError
from protea.objectives.labels import label_targets
from protea.protein.batch import Extra
from tests.objectives.made import made_batch


def test_known_items_are_supervised_and_a_label_without_mask_is_known_everywhere() -> None:
    batch = made_batch(6, 4)
    assert torch.equal(label_targets(batch, "site", "residue").is_supervised, batch.extra["site.is_known"].value)
    assert label_targets(batch, "fold", "protein").is_supervised.tolist() == [True, True]


def test_an_absent_label_is_named_with_those_that_are_there() -> None:
    with pytest.raises(ContractError, match=r"no label 'other'.*'depth', 'fold', .*'site'"):
        label_targets(made_batch(3), "other", "residue")


def test_a_label_of_another_level_is_refused() -> None:
    with pytest.raises(ContractError, match="another level; expected protein; found residue"):
        label_targets(made_batch(3), "site", "protein")


def test_pairs_have_labels_like_residues_and_proteins() -> None:
    batch = made_batch(3, 2).replace(pair_member=torch.tensor([[0, 1], [1, 1]]))
    batch = batch.with_extra(kd=Extra("pair", torch.tensor([6.0, 9.0])))
    assert label_targets(batch, "kd", "pair").value.tolist() == [6.0, 9.0]
    with pytest.raises(ContractError, match="expected protein; found pair"):
        label_targets(batch, "kd", "protein")


def test_what_is_unknown_does_not_count() -> None:
    batch = made_batch(4)
    is_known = torch.tensor([True, False, True, False])
    batch = batch.with_extra(**{"site.is_known": Extra("residue", is_known)})
    assert torch.equal(label_targets(batch, "site", "residue").is_supervised, is_known)
