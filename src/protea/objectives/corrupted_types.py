"""Residue types changed at drawn places, with the original types and the places kept beside them."""

from collections.abc import Callable

import torch
from jaxtyping import Int
from torch import Tensor

from protea.errors import ContractError, describe
from protea.objectives.interface import Corruption
from protea.objectives.original_types import with_original_types
from protea.protein.alphabets import UNKNOWN_RESIDUE
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["DrawTypes", "with_corrupted_types"]

DrawTypes = Callable[[Int[Tensor, " place"], torch.Generator], Int[Tensor, " place"]]
"""From the types at the drawn places to what is written there; both on the CPU."""


def with_corrupted_types(
    batch: ProteinBatch, corruption: Corruption, name: str, rate: float, draw: DrawTypes
) -> ProteinBatch:
    """Return the batch with a share of the residues of each protein changed, rounded, at least one.

    Places are drawn without replacement among the 20 standard types. Which they are stands in the extra
    `<name>.is_corrupted`.

    Raises ContractError where residues were changed under this name before: one of the two would lose its places.
    """
    if f"{name}.is_corrupted" in batch.extra:
        raise ContractError(
            describe("two objectives of one kind change the residues of one batch", where=name,
                     expected="one of the kind", do="Leave one out, or give each its own data.")
        )  # fmt: skip
    original = batch.residue_type
    corrupted = original.clone()
    is_corrupted = torch.zeros(len(original), dtype=torch.bool, device=batch.device)
    bounds = batch.residue_ptr.tolist()
    for protein, protein_id in enumerate(batch.ids):
        start, stop = bounds[protein], bounds[protein + 1]
        candidates = torch.nonzero(original[start:stop] < UNKNOWN_RESIDUE)[:, 0].cpu()
        if not len(candidates):
            continue
        generator = corruption.generator(protein_id, name)
        count = max(1, round(rate * len(candidates)))
        chosen = candidates[torch.randperm(len(candidates), generator=generator)[:count]] + start
        places = chosen.to(batch.device)
        corrupted[places] = draw(original[places].cpu(), generator).to(batch.device)
        is_corrupted[places] = True
    kept = with_original_types(batch).with_extra(**{f"{name}.is_corrupted": Extra("residue", is_corrupted)})
    return kept.replace(residue_type=corrupted)
