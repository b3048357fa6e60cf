"""The positions before the first corruption, whatever the number of corruptions."""

import torch

from protea.objectives.interface import Corruption
from protea.objectives.original_positions import uncorrupted_structure, with_original_positions
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.objectives.torsional_denoising import TorsionalDenoisingConfig
from tests.objectives.made import built, made_batch


def test_an_uncorrupted_batch_is_its_own_original() -> None:
    batch = made_batch(5)
    assert uncorrupted_structure(batch) is batch


def test_the_first_positions_are_kept_through_two_corruptions() -> None:
    batch, corruption = made_batch(9, 4), Corruption(0, 0)
    once = built(StructureDenoisingConfig(), batch).objective.corrupt(batch, corruption)
    twice = built(TorsionalDenoisingConfig(), batch).objective.corrupt(once, corruption)
    assert not torch.equal(once.atom_position, twice.atom_position)
    assert torch.equal(uncorrupted_structure(twice).atom_position, batch.atom_position)
    assert torch.equal(uncorrupted_structure(twice.select([1])).atom_position, batch.select([1]).atom_position)


def test_keeping_again_changes_nothing() -> None:
    kept = with_original_positions(made_batch(5))
    assert with_original_positions(kept) is kept
