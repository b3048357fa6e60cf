"""Masked angle prediction: the edges among three residues are hidden, the angle of their CA is predicted.

After Zhang et al. (2023), section 3.3; there the angle is one of eight classes, here its cosine and sine.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.hidden_edges import hide_groups
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.torsions import bond_angle
from protea.objectives.angle_columns_loss import angle_loss_sum
from protea.objectives.drawn_groups import draw_groups, group_embedding, group_positions, hidden_group
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedAnglePrediction", "MaskedAnglePredictionConfig"]

_PURPOSE = "masked_angle_prediction"


class MaskedAnglePredictionConfig(ObjectiveConfig):
    """Which residues are asked for the angle between two of their neighbours."""

    kind: Literal["masked_angle_prediction"] = "masked_angle_prediction"
    share: float = Field(
        0.1, gt=0, le=1, description="Share of each protein's residues with such neighbours, at least one."
    )
    num_neighbours: int = Field(16, ge=1, description="How many of the nearest residues are looked at.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MaskedAnglePrediction":
        """Return the objective for an encoder of this width."""
        return MaskedAnglePrediction(self, width)


class MaskedAnglePrediction(Objective):
    """Columns cos, sin of the angle at the residue."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    level: Level = "residue"

    def __init__(self, config: MaskedAnglePredictionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.share, self.num_neighbours = config.share, config.num_neighbours
        self.head = head_of(config.head, 3 * width.channel, 2)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with the edges inside each drawn triple hidden."""
        member = draw_groups(batch, corruption, _PURPOSE, 3, self.share, self.num_neighbours)
        return hide_groups(batch, _PURPOSE, member)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the uncorrupted structure, supervised where a triple was drawn."""
        group, is_drawn = hidden_group(batch, _PURPOSE)
        angle = bond_angle(*group_positions(uncorrupted_structure(batch).ca()[0], group))
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
