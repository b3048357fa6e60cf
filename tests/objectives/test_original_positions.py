"""The positions before the first corruption, whatever the number of corruptions."""

import pytest
import torch

from protea.errors import ContractError
from protea.objectives.interface import Corruption, EncoderWidth, ObjectiveConfig
from protea.objectives.original_positions import uncorrupted_structure, with_original_positions
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.objectives.torsional_denoising import TorsionalDenoisingConfig
from tests.objectives.made import built, made_batch


def test_an_uncorrupted_batch_is_its_own_original() -> None:
    batch = made_batch(5)
    assert uncorrupted_structure(batch) is batch


def test_the_first_positions_are_kept_through_two_corruptions() -> None:
    batch, corruption = made_batch(9, 4), Corruption(0, 0)
    once = built(TorsionalDenoisingConfig(), batch).objective.corrupt(batch, corruption)
    twice = built(StructureDenoisingConfig(), batch).objective.corrupt(once, corruption)
    assert not torch.equal(once.atom_position, twice.atom_position)
    assert torch.equal(uncorrupted_structure(twice).atom_position, batch.atom_position)
    assert torch.equal(uncorrupted_structure(twice.select([1])).atom_position, batch.select([1]).atom_position)


def test_keeping_again_changes_nothing() -> None:
    kept = with_original_positions(made_batch(5))
    assert with_original_positions(kept) is kept


STRUCTURE, TORSIONS = StructureDenoisingConfig(), TorsionalDenoisingConfig()
PLACE = StructureDenoisingConfig(predict="position")


@pytest.mark.parametrize(
    ("first", "second"),
    [(STRUCTURE, TORSIONS), (TORSIONS, TORSIONS), (STRUCTURE, STRUCTURE), (TORSIONS, PLACE), (STRUCTURE, PLACE)],
    ids=lambda config: config.kind,
)
def test_atoms_are_not_moved_again_where_an_answer_would_be_wrong(
    first: ObjectiveConfig, second: ObjectiveConfig
) -> None:
    batch, corruption = made_batch(9, 4), Corruption(0, 0)
    once = built(first, batch).objective.corrupt(batch, corruption)
    objective = second.build(EncoderWidth(4))
    with pytest.raises(ContractError, match="another objective has moved the atoms"):
        objective.corrupt(once, corruption)


def test_noise_on_turned_atoms_is_still_the_whole_answer() -> None:
    batch, corruption = made_batch(9, 4), Corruption(0, 0)
    turned = built(TORSIONS, batch).objective.corrupt(batch, corruption)
    objective = built(STRUCTURE, batch).objective
    noisy = objective.corrupt(turned, corruption)
    torch.testing.assert_close(noisy.ca()[0] - objective.targets(noisy).value, turned.ca()[0])
