"""Small packed proteins with labels of every kind, and the parts of a model to try objectives on."""

from dataclasses import dataclass

import torch

from protea.encoders.interface import Encoding
from protea.features.edges.catalogue import KNearest
from protea.features.interface import FeaturisedBatch
from protea.features.schemes import SchemeConfig
from protea.objectives.interface import Corruption, EncoderWidth, Objective, ObjectiveConfig, Prediction
from protea.protein.batch import Extra, ProteinBatch
from tests.features.proteins import random_proteins

WIDTH = 6
SCHEME = SchemeConfig(kind="ca_angles")


def made_batch(*lengths: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> ProteinBatch:
    """Proteins `p0`, `p1` ... with the labels site, plddt, depth (residue) and fold, terms, weight (protein)."""
    plain = random_proteins(*lengths, seed=seed).batch().to(dtype)
    draw = torch.Generator().manual_seed(seed)
    total, num = plain.num_residues, len(plain)
    is_known = torch.rand(total, generator=draw) > 0.2
    labels = {
        "site": Extra("residue", (plain.residue_type % 3 == 0).to(torch.uint8)),
        "site.is_known": Extra("residue", is_known),
        "plddt": Extra("residue", 100 * torch.rand(total, generator=draw).to(dtype)),
        "plddt.is_known": Extra("residue", torch.rand(total, generator=draw) > 0.2),
        "depth": Extra("residue", torch.randn(total, generator=draw).to(dtype)),
        "fold": Extra("protein", torch.arange(num) % 3),
        "terms": Extra("protein", (torch.rand(num, 4, generator=draw) > 0.5).to(torch.uint8)),
        "weight": Extra("protein", torch.randn(num, generator=draw).to(dtype)),
    }
    return plain.replace(ids=tuple(f"p{number}" for number in range(num))).with_extra(**labels)


@dataclass(frozen=True)
class Built:
    """An objective in evaluation mode with inputs and an encoding of the right sizes."""

    objective: Objective
    inputs: FeaturisedBatch
    encoding: Encoding

    def predict(self) -> Prediction:
        return self.objective.predict(self.encoding, self.inputs)


def built(config: ObjectiveConfig, batch: ProteinBatch, seed: int = 0) -> Built:
    """The objective on a random encoding of the batch as corrupted at seed 0 and epoch 0, in the batch's dtype."""
    torch.manual_seed(seed)
    dtype = batch.atom_position.dtype
    objective = config.build(EncoderWidth(WIDTH)).to(dtype).eval()
    seen = objective.corrupt(batch, Corruption(0, 0))
    inputs = SCHEME.build()(seen, KNearest(k=4))
    residue = torch.randn(seen.num_residues, WIDTH, dtype=dtype)
    protein = torch.randn(len(seen), WIDTH, dtype=dtype)
    return Built(objective, inputs, Encoding(residue, protein))
