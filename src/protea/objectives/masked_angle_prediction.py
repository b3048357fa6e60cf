"""Masked angle prediction: the edges among three residues are hidden, the angle of their CA is predicted.

After Zhang et al. (2023), section 3.3; there the angle is one of eight classes, here its cosine and sine.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from protea.geometry.torsions import bond_angle
from protea.objectives.angle_columns_loss import angle_loss_sum
from protea.objectives.drawn_groups import GroupSize
from protea.objectives.interface import EncoderWidth, Targets
from protea.objectives.masked_groups import MaskedGroupConfig, MaskedGroupObjective
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedAnglePrediction", "MaskedAnglePredictionConfig"]


class MaskedAnglePredictionConfig(MaskedGroupConfig):
    """Which residues are asked for the angle between two of their neighbours."""

    kind: Literal["masked_angle_prediction"] = "masked_angle_prediction"

    def build(self, width: EncoderWidth) -> "MaskedAnglePrediction":
        """Return the objective for an encoder of this width."""
        return MaskedAnglePrediction(self, width, 2)


class MaskedAnglePrediction(MaskedGroupObjective):
    """Columns cos, sin of the angle at the residue."""

    purpose: ClassVar[str] = "masked_angle_prediction"
    size: ClassVar[GroupSize] = 3

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the uncorrupted structure, supervised where a triple was drawn."""
        points, is_drawn = self.drawn_points(batch)
        angle = bond_angle(*points)
        return Targets(torch.stack([angle.cos(), angle.sin()], dim=1), is_drawn)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error summed over residues and averaged over the two columns."""
        return angle_loss_sum(prediction, value)

    def score(self, prediction: Tensor) -> Tensor:
        """Return the columns."""
        return full_precision(prediction)
