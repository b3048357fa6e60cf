"""Affinities in either quantity, of pairs and of complexes."""

import pytest
import torch

from protea.objectives.binding_affinity import BindingAffinityConfig, kcal_per_decade
from protea.protein.batch import Extra
from tests.objectives.made import built, made_batch
from tests.objectives.made_pairs import built_on_pairs, swapped


def test_a_factor_of_ten_at_room_temperature() -> None:
    assert kcal_per_decade(298.15) == pytest.approx(1.36425, abs=1e-5)
    assert kcal_per_decade(310.15) / kcal_per_decade(298.15) == pytest.approx(310.15 / 298.15)


def test_pairs_whose_affinity_is_unknown_do_not_count_and_swapping_changes_nothing() -> None:
    found, batch = built_on_pairs(BindingAffinityConfig(mean=6.0, scale=2.0))
    target = found.objective.targets(batch)
    assert target.value.tolist() == [9.0, 6.0, 7.5, 3.0]
    assert target.is_supervised.tolist() == [True, False, True, True]
    assert torch.allclose(found.predict(), swapped(found), rtol=1e-12)
    assert float(found.objective.loss_sum(torch.zeros(2), torch.tensor([8.0, 10.0]))) == pytest.approx(1 + 4)
    assert found.objective.score(torch.tensor([0.0, 1.5])).tolist() == [6.0, 9.0]


@pytest.mark.parametrize("quantity", ["minus_log10_kd", "free_energy"])
def test_answers_in_the_other_quantity_mean_the_same(quantity: str) -> None:
    other = {"minus_log10_kd": "free_energy", "free_energy": "minus_log10_kd"}[quantity]
    plain, batch = built_on_pairs(BindingAffinityConfig(quantity=quantity, mean=6.0, scale=2.0))
    turned, _ = built_on_pairs(BindingAffinityConfig(quantity=quantity, answer=other, mean=6.0, scale=2.0))
    factor = -kcal_per_decade(298.15) if other == "free_energy" else -1 / kcal_per_decade(298.15)
    raw = torch.tensor([0.3, -1.0], dtype=torch.float64)
    assert torch.allclose(turned.objective.score(raw), factor * plain.objective.score(raw))
    one, two = (found.objective.targets(batch).value for found in (plain, turned))
    assert torch.allclose(two, factor * one)
    # The loss is that of the label, whatever answers are given in.
    assert torch.allclose(plain.objective.loss_sum(raw, one[:2]), turned.objective.loss_sum(raw, two[:2]))


def test_one_nanomolar_in_kcal_per_mol() -> None:
    found, _ = built_on_pairs(BindingAffinityConfig(answer="free_energy", mean=9.0))
    assert float(found.objective.score(torch.zeros(1))) == pytest.approx(-12.278, abs=1e-3)


def test_a_complex_is_one_protein_of_several_chains() -> None:
    batch = made_batch(6, 4).with_extra(affinity=Extra("protein", torch.tensor([5.0, 7.0], dtype=torch.float64)))
    found = built(BindingAffinityConfig(level="protein"), batch)
    assert found.objective.level == "protein"
    assert found.predict().shape == (2,)
    assert found.objective.targets(batch).value.tolist() == [5.0, 7.0]
