"""What the residues were before a corruption stays known, however many corruptions follow."""

import torch

from protea.objectives.original_types import original_types, with_original_types
from tests.objectives.made import made_batch


def test_an_uncorrupted_batch_is_its_own_original() -> None:
    batch = made_batch(5)
    assert original_types(batch) is batch.residue_type


def test_the_first_types_are_kept_through_two_changes() -> None:
    batch = made_batch(5, 3)
    first = batch.residue_type.clone()
    changed = with_original_types(batch).replace(residue_type=torch.full((8,), 20))
    again = with_original_types(changed).replace(residue_type=torch.zeros(8, dtype=torch.long))
    assert torch.equal(original_types(again), first)
    assert torch.equal(original_types(again.select([1])), first[5:])
