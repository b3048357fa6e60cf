"""Masked distance prediction: the edge between two residues is hidden, their CA distance is predicted.

ProteinWorkshop's `edge_distance_prediction` masks 256 edges of a batch, however large; here each protein gives its own
share of residues, whatever the batch. After Zhang et al. (2023), section 3.3.
"""

from typing import ClassVar, Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.hidden_edges import hide_groups
from protea.features.interface import FeaturisedBatch, Reveals
from protea.geometry.vectors import vector_length
from protea.objectives.drawn_groups import draw_groups, group_embedding, group_positions, hidden_group
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import Corruption, EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedDistancePrediction", "MaskedDistancePredictionConfig"]

_PURPOSE = "masked_distance_prediction"


class MaskedDistancePredictionConfig(ObjectiveConfig):
    """Which residues are asked for the distance to one of their neighbours."""

    kind: Literal["masked_distance_prediction"] = "masked_distance_prediction"
    share: float = Field(
        0.1, gt=0, le=1, description="Share of each protein's residues with such neighbours, at least one."
    )
    num_neighbours: int = Field(16, ge=1, description="How many of the nearest residues are looked at.")
    mean: float = Field(7.7, ge=0, description="Subtracted from a distance, in angstrom: the mean on six crystals.")
    scale: float = Field(1.7, gt=0, description="Then divided by, in angstrom: the standard deviation there.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MaskedDistancePrediction":
        """Return the objective for an encoder of this width."""
        return MaskedDistancePrediction(self, width)


class MaskedDistancePrediction(Objective):
    """One standardised distance per residue; `score` is in angstrom."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"true_structure"})
    level: Level = "residue"

    def __init__(self, config: MaskedDistancePredictionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.share, self.num_neighbours = config.share, config.num_neighbours
        self.mean, self.scale = config.mean, config.scale
        self.head = head_of(config.head, 2 * width.channel, 1)

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch with the edges inside each drawn pair hidden."""
        member = draw_groups(batch, corruption, _PURPOSE, 2, self.share, self.num_neighbours)
        return hide_groups(batch, _PURPOSE, member)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the CA distance in angstrom of the uncorrupted structure, supervised where a pair was drawn."""
        group, is_drawn = hidden_group(batch, _PURPOSE)
        own, other = group_positions(uncorrupted_structure(batch).ca()[0], group)
        return Targets(vector_length(own - other), is_drawn)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " residue"]:
        """Return one standardised distance per residue."""
        return self.head(group_embedding(encoding.residue, inputs, _PURPOSE))[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed squared error in units of `scale`."""
        prediction = full_precision(prediction)
        return (prediction - (value.to(prediction.dtype) - self.mean) / self.scale).square().sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return distances in angstrom."""
        return full_precision(prediction) * self.scale + self.mean
