"""The atom positions before any corruption, which travel with a batch once an objective has moved them."""

from protea.protein.batch import Extra, ProteinBatch

__all__ = ["uncorrupted_structure", "with_original_positions"]

_NAME = "original_positions"


def with_original_positions(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch with its present positions kept beside it; a batch that keeps some already is unchanged."""
    return batch if _NAME in batch.extra else batch.with_extra(**{_NAME: Extra("atom", batch.atom_position)})


def uncorrupted_structure(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch with the atom positions that it had before any corruption, in angstrom."""
    return batch.replace(atom_position=batch.extra[_NAME].value) if _NAME in batch.extra else batch
