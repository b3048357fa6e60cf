"""Masked dihedral prediction: the edges among four residues are hidden, the dihedral of their CA is predicted.

After Zhang et al. (2023), section 3.3; there the dihedral is one of eight classes, here its cosine and sine. An encoder
that cannot tell a protein from its mirror image, on features that cannot either, learns the cosine at best.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from protea.geometry.torsions import dihedral
from protea.objectives.angle_columns_loss import angle_loss_sum
from protea.objectives.drawn_groups import GroupSize
from protea.objectives.interface import EncoderWidth, Targets
from protea.objectives.masked_groups import MaskedGroupConfig, MaskedGroupObjective
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedDihedralPrediction", "MaskedDihedralPredictionConfig"]


class MaskedDihedralPredictionConfig(MaskedGroupConfig):
    """Which residues are asked for the dihedral about the line to one of their neighbours."""

    kind: Literal["masked_dihedral_prediction"] = "masked_dihedral_prediction"

    def build(self, width: EncoderWidth) -> "MaskedDihedralPrediction":
        """Return the objective for an encoder of this width."""
        return MaskedDihedralPrediction(self, width, 2)


class MaskedDihedralPrediction(MaskedGroupObjective):
    """Columns cos, sin of the dihedral j - i - l - m of residue i and its neighbours j and l; m is one of l's."""

    purpose: ClassVar[str] = "masked_dihedral_prediction"
    size: ClassVar[GroupSize] = 4

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the uncorrupted structure, supervised where a quadruple was drawn."""
        points, is_drawn = self.drawn_points(batch)
        angle = dihedral(*points)
        return Targets(torch.stack([angle.cos(), angle.sin()], dim=1), is_drawn)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error summed over residues and averaged over the two columns."""
        return angle_loss_sum(prediction, value)

    def score(self, prediction: Tensor) -> Tensor:
        """Return the columns."""
        return full_precision(prediction)
