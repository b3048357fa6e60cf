"""Small batches with pairs, and pair objectives on random encodings."""

import torch

from protea.objectives.interface import ObjectiveConfig
from protea.protein.batch import Extra, ProteinBatch
from tests.objectives.made import Built, built, made_batch

MEMBERS = [[0, 1], [2, 0], [1, 1], [1, 2]]


def paired_batch(dtype: torch.dtype = torch.float64) -> ProteinBatch:
    """Three proteins in four pairs, with a label of every kind of pair objective."""
    labels = {
        "interacts": Extra("pair", torch.tensor([1, 0, 1, 0], dtype=torch.uint8)),
        "interaction_types": Extra("pair", (torch.arange(28).reshape(4, 7) % 3 == 0).to(torch.uint8)),
        "affinity": Extra("pair", torch.tensor([9.0, 6.0, 7.5, 3.0], dtype=dtype)),
        "affinity.is_known": Extra("pair", torch.tensor([True, False, True, True])),
    }
    return made_batch(7, 4, 5, dtype=dtype).replace(pair_member=torch.tensor(MEMBERS)).with_extra(**labels)


def built_on_pairs(config: ObjectiveConfig, dtype: torch.dtype = torch.float64) -> tuple[Built, ProteinBatch]:
    """The objective with inputs and a random encoding of the batch of pairs."""
    batch = paired_batch(dtype)
    return built(config, batch), batch


def swapped(built: Built) -> torch.Tensor:
    """The prediction for the same pairs with their members in the other order."""
    inputs = built.inputs.replace(pair_member=built.inputs.pair_member.flip(1))
    return built.objective.predict(built.encoding, inputs)
