"""Torsional denoising: phi, psi and omega are turned at random, cosine and sine of each turn are predicted.

The structure is rebuilt with its own bond lengths and angles and with its side chains (`turned_torsions.py`). After
ProteinWorkshop's `torsional_denoising`, whose rebuild drops side chains and shifts the N-CA lengths by one residue.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.features.residue.angle_columns import angle_columns
from protea.objectives.angle_columns_loss import angle_loss_sum, is_angle_written
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import require_unmoved, with_original_positions
from protea.objectives.precision import full_precision
from protea.objectives.turned_torsions import backbone_stretches, turned_batch
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["TorsionalDenoising", "TorsionalDenoisingConfig"]

_TURN = "torsional_denoising.turn"


class TorsionalDenoisingConfig(ObjectiveConfig):
    """Shape and size of the turns."""

    kind: Literal["torsional_denoising"] = "torsional_denoising"
    noise: Literal["gaussian", "uniform"] = Field("gaussian", description="How a turn is drawn.")
    sigma: float = Field(
        0.1, gt=0, description="In radian: standard deviation of a turn if Gaussian, largest turn if uniform."
    )
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "TorsionalDenoising":
        """Return the objective for an encoder of this width."""
        return TorsionalDenoising(self, width)


class TorsionalDenoising(Objective):
    """Columns cos, sin of the turn of phi, psi, omega; an angle that was not turned, for want of atoms, is (0, 0)."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    level: Level = "residue"

    def __init__(self, config: TorsionalDenoisingConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.sigma, self.is_uniform = config.sigma, config.noise == "uniform"
        self.head = head_of(config.head, width.channel, 6)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the rebuilt batch; the columns of the turns travel along.

        Raises ContractError where atoms were moved before: a turn carries noise along, away from its own label.
        """
        require_unmoved(batch, "torsional_denoising")
        turn = torch.zeros((batch.num_residues, 3), dtype=torch.float64)
        bounds = batch.residue_ptr.tolist()
        for protein, protein_id in enumerate(batch.ids):
            start, stop = bounds[protein], bounds[protein + 1]
            generator = corruption.generator(protein_id, "torsional_denoising")
            if self.is_uniform:
                turn[start:stop] = 2 * torch.rand((stop - start, 3), generator=generator) - 1
            else:
                turn[start:stop] = torch.randn((stop - start, 3), generator=generator)
        turn = (turn * self.sigma).to(batch.device)
        is_defined = backbone_stretches(batch).is_torsion_defined(batch.num_residues)
        columns = angle_columns(turn.T, is_defined.T, "masked").to(batch.atom_position.dtype)
        return turned_batch(with_original_positions(batch), turn).with_extra(**{_TURN: Extra("residue", columns)})

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the turns, supervised where at least one of the three was turned."""
        columns = batch.extra[_TURN].value
        return Targets(columns, is_angle_written(columns).any(-1))

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 6"]:
        """Return the columns."""
        return self.head(encoding.residue)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error summed over residues, averaged over the columns of the turned angles."""
        return angle_loss_sum(prediction, value)

    def score(self, prediction: Tensor) -> Tensor:
        """Return the columns."""
        return full_precision(prediction)
