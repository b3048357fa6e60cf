"""Structure denoising: Gaussian noise on every atom, the noise of the CA is predicted (Zaidi et al. 2022)."""

from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.geometry.neighbours import NeighbourTable, nearest_neighbours
from protea.objectives.heads import HeadConfig, PositionHead
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.precision import full_precision
from protea.protein.batch import Extra, ProteinBatch
from protea.protein.chemistry import ATOM_CODE

__all__ = ["StructureDenoising", "StructureDenoisingConfig"]

_NOISE, _HAS_NOISE = "structure_denoising.noise", "structure_denoising.has_noise"


class StructureDenoisingConfig(ObjectiveConfig):
    """Size of the noise."""

    kind: Literal["structure_denoising"] = "structure_denoising"
    sigma: float = Field(0.1, gt=0, description="Standard deviation of the noise per coordinate, in angstrom.")
    num_neighbours: int = Field(16, ge=1, description="Neighbours that the head reads where the encoder has no table.")
    head: HeadConfig = Field(HeadConfig(), description="Width of the head.")

    def build(self, width: EncoderWidth) -> "StructureDenoising":
        """Return the objective for an encoder of this width."""
        return StructureDenoising(self, width)


class StructureDenoising(Objective):
    """A vector per residue in units of sigma; `score` is in angstrom."""

    level: Level = "residue"

    def __init__(self, config: StructureDenoisingConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.sigma, self.num_neighbours = config.sigma, config.num_neighbours
        self.head = PositionHead(config.head, width.channel)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with noise on every atom; the noise of the CA travels along, in angstrom."""
        atom_bounds = batch.atom_ptr[batch.residue_ptr].tolist()
        noise = torch.cat(
            [
                torch.randn(
                    (atom_bounds[protein + 1] - atom_bounds[protein], 3),
                    generator=corruption.generator(protein_id, "structure_denoising"),
                )
                for protein, protein_id in enumerate(batch.ids)
            ]
        ).to(batch.atom_position)
        noise = noise * self.sigma
        noise_of_ca, has_ca = batch.replace(atom_position=noise).atoms([ATOM_CODE["CA"]])
        return batch.replace(atom_position=batch.atom_position + noise).with_extra(
            **{_NOISE: Extra("residue", noise_of_ca[:, 0]), _HAS_NOISE: Extra("residue", has_ca[:, 0])}
        )

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the noise of each CA in angstrom, supervised where the CA is resolved."""
        return Targets(batch.extra[_NOISE].value, batch.extra[_HAS_NOISE].value)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 3"]:
        """Return the noise in units of sigma; the noisy input positions are read, not those an encoder moved."""
        table = inputs.graph
        if not isinstance(table, NeighbourTable):
            table = nearest_neighbours(inputs.position, inputs.residue_ptr, self.num_neighbours, inputs.is_resolved)
        return self.head(encoding.residue, inputs.position, table)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error in units of sigma, summed over residues and averaged over x, y, z."""
        prediction = full_precision(prediction)
        return F.mse_loss(prediction, value.to(prediction.dtype) / self.sigma, reduction="sum") / 3

    def score(self, prediction: Tensor) -> Tensor:
        """Return the noise in angstrom."""
        return full_precision(prediction) * self.sigma
