"""Masked dihedral prediction: the edges among four residues are hidden, the dihedral of their CA is predicted.

After Zhang et al. (2023), section 3.3; there the dihedral is one of eight classes, here its cosine and sine. An encoder
that cannot tell a protein from its mirror image, on features that cannot either, learns the cosine at best.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.hidden_edges import hide_groups
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.torsions import dihedral
from protea.objectives.angle_columns_loss import angle_loss_sum
from protea.objectives.drawn_groups import draw_groups, group_embedding, group_positions, hidden_group
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedDihedralPrediction", "MaskedDihedralPredictionConfig"]

_PURPOSE = "masked_dihedral_prediction"


class MaskedDihedralPredictionConfig(ObjectiveConfig):
    """Which residues are asked for the dihedral about the line to one of their neighbours."""

    kind: Literal["masked_dihedral_prediction"] = "masked_dihedral_prediction"
    share: float = Field(
        0.1, gt=0, le=1, description="Share of each protein's residues with such neighbours, at least one."
    )
    num_neighbours: int = Field(16, ge=1, description="How many of the nearest residues are looked at.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MaskedDihedralPrediction":
        """Return the objective for an encoder of this width."""
        return MaskedDihedralPrediction(self, width)


class MaskedDihedralPrediction(Objective):
    """Columns cos, sin of the dihedral j - i - l - m of residue i and its neighbours j and l; m is one of l's."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    level: Level = "residue"

    def __init__(self, config: MaskedDihedralPredictionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.share, self.num_neighbours = config.share, config.num_neighbours
        self.head = head_of(config.head, 4 * width.channel, 2)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with the edges inside each drawn quadruple hidden."""
        member = draw_groups(batch, corruption, _PURPOSE, 4, self.share, self.num_neighbours)
        return hide_groups(batch, _PURPOSE, member)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the uncorrupted structure, supervised where a quadruple was drawn."""
        group, is_drawn = hidden_group(batch, _PURPOSE)
        angle = dihedral(*group_positions(uncorrupted_structure(batch).ca()[0], group))
        return Targets(torch.stack([angle.cos(), angle.sin()], dim=1), is_drawn)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 2"]:
        """Return the columns."""
        return self.head(group_embedding(encoding.residue, inputs, _PURPOSE))

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error summed over residues and averaged over the two columns."""
        return angle_loss_sum(prediction, value)

    def score(self, prediction: Tensor) -> Tensor:
        """Return the columns."""
        return full_precision(prediction)
