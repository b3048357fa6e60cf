"""The residue types before any corruption, which travel with a batch once an objective has changed them."""

from jaxtyping import Int
from torch import Tensor

from protea.protein.batch import Extra, ProteinBatch

__all__ = ["original_types", "with_original_types"]

_NAME = "original_types"


def with_original_types(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch with its present residue types kept beside it; a batch that keeps some already is unchanged."""
    return batch if _NAME in batch.extra else batch.with_extra(**{_NAME: Extra("residue", batch.residue_type)})


def original_types(batch: ProteinBatch) -> Int[Tensor, " residue"]:
    """Return the residue types before any corruption."""
    return batch.extra[_NAME].value if _NAME in batch.extra else batch.residue_type
