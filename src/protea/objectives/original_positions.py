"""The atom positions before any corruption, which travel with a batch once an objective has moved them."""

from protea.errors import ContractError, describe
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["require_unmoved", "uncorrupted_structure", "with_original_positions"]

_NAME = "original_positions"


def with_original_positions(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch with its present positions kept beside it; a batch that keeps some already is unchanged."""
    return batch if _NAME in batch.extra else batch.with_extra(**{_NAME: Extra("atom", batch.atom_position)})


def uncorrupted_structure(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch with the atom positions that it had before any corruption, in angstrom."""
    return batch.replace(atom_position=batch.extra[_NAME].value) if _NAME in batch.extra else batch


def require_unmoved(batch: ProteinBatch, objective: str) -> None:
    """Raise ContractError where an objective has moved the atoms: an answer, its own or the other's, would be wrong."""
    if _NAME in batch.extra:
        raise ContractError(
            describe("another objective has moved the atoms of this batch", where=objective,
                     expected="atoms as they were loaded",
                     do="Turn torsions before noise is added, and add noise once; or give each objective its own data.")
        )  # fmt: skip
