"""Structure denoising: noise on every atom; the noise of the CA, or its place, is predicted (Zaidi et al. 2022)."""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.neighbours import NeighbourTable, nearest_neighbours
from protea.objectives.heads import HeadConfig, position_head_of, vectors_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import require_unmoved, uncorrupted_structure, with_original_positions
from protea.objectives.precision import full_precision
from protea.protein.batch import Extra, ProteinBatch
from protea.protein.chemistry import ATOM_CODE

__all__ = ["StructureDenoising", "StructureDenoisingConfig"]

_NOISE, _HAS_NOISE = "structure_denoising.noise", "structure_denoising.has_noise"


class StructureDenoisingConfig(ObjectiveConfig):
    """Shape and size of the noise, and what is predicted of it."""

    kind: Literal["structure_denoising"] = "structure_denoising"
    noise: Literal["gaussian", "uniform"] = Field("gaussian", description="How the noise of a coordinate is drawn.")
    sigma: float = Field(
        0.1, gt=0, description="Per coordinate, in angstrom: standard deviation if Gaussian, largest value if uniform."
    )
    predict: Literal["noise", "position"] = Field(
        "noise",
        description="`noise` of the CA, or its original `position`: where the encoder leaves it (where it stands, if "
        "the encoder moves nothing) plus the vector of the head.",
    )
    num_neighbours: int = Field(16, ge=1, description="Neighbours that the head reads where the encoder has no table.")
    head: HeadConfig = Field(HeadConfig(), description="Width of the head.")

    def build(self, width: EncoderWidth) -> "StructureDenoising":
        """Return the objective for an encoder of this width."""
        return StructureDenoising(self, width)


class StructureDenoising(Objective):
    """A vector per residue in units of sigma, or a position in angstrom; `score` is in angstrom."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    level: Level = "residue"

    def __init__(self, config: StructureDenoisingConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.sigma, self.num_neighbours = config.sigma, config.num_neighbours
        self.is_uniform, self.is_of_position = config.noise == "uniform", config.predict == "position"
        self.head = position_head_of(config.head, width.channel)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with noise on every atom; the noise of the CA travels along, in angstrom.

        Raises ContractError where atoms were moved before, such that the answer would not be the noise or the way back.
        """
        if self.is_of_position or _NOISE in batch.extra:
            require_unmoved(batch, "structure_denoising")
        atom_bounds = batch.atom_ptr[batch.residue_ptr].tolist()
        parts = []
        for protein, protein_id in enumerate(batch.ids):
            shape = (atom_bounds[protein + 1] - atom_bounds[protein], 3)
            generator = corruption.generator(protein_id, "structure_denoising")
            if self.is_uniform:
                parts.append(2 * torch.rand(shape, generator=generator) - 1)
            else:
                parts.append(torch.randn(shape, generator=generator))
        noise = torch.cat(parts).to(batch.atom_position) * self.sigma
        noise_of_ca, has_ca = batch.replace(atom_position=noise).atoms([ATOM_CODE["CA"]])
        kept = with_original_positions(batch)
        return kept.replace(atom_position=batch.atom_position + noise).with_extra(
            **{_NOISE: Extra("residue", noise_of_ca[:, 0]), _HAS_NOISE: Extra("residue", has_ca[:, 0])}
        )

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the noise or the original position of each CA in angstrom, supervised where the CA is resolved."""
        value = uncorrupted_structure(batch).ca()[0] if self.is_of_position else batch.extra[_NOISE].value
        return Targets(value, batch.extra[_HAS_NOISE].value)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 3"]:
        """Return noise in units of sigma, or positions; the head reads the noisy input, not what an encoder moved."""
        table = inputs.graph
        if not isinstance(table, NeighbourTable):
            table = nearest_neighbours(inputs.position, inputs.residue_ptr, self.num_neighbours, inputs.is_resolved)
        vector = vectors_of(self.head, encoding.residue, inputs.position, table)
        if not self.is_of_position:
            return vector
        return (inputs.position if encoding.position is None else encoding.position) + self.sigma * vector

    def losses(self, prediction: Tensor, value: Tensor) -> Float[Tensor, " item"]:
        """Return the squared error of each residue in units of sigma, averaged over x, y, z."""
        prediction = full_precision(prediction)
        value = value.to(prediction.dtype)
        error = (prediction - value) / self.sigma if self.is_of_position else prediction - value / self.sigma
        return error.square().mean(-1)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error in units of sigma, summed over residues and averaged over x, y, z."""
        return self.losses(prediction, value).sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return the noise or the position in angstrom."""
        prediction = full_precision(prediction)
        return prediction if self.is_of_position else prediction * self.sigma
