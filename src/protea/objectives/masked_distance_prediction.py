"""Masked distance prediction: the edge between two residues is hidden, their CA distance is predicted.

ProteinWorkshop's `edge_distance_prediction` masks 256 edges of a batch, however large; here each protein gives its own
share of residues, whatever the batch. After Zhang et al. (2023), section 3.3.
"""

from typing import ClassVar, Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.geometry.vectors import vector_length
from protea.objectives.drawn_groups import GroupSize
from protea.objectives.interface import EncoderWidth, Targets
from protea.objectives.masked_groups import MaskedGroupConfig, MaskedGroupObjective
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["MaskedDistancePrediction", "MaskedDistancePredictionConfig"]


class MaskedDistancePredictionConfig(MaskedGroupConfig):
    """Which residues are asked for the distance to one of their neighbours."""

    kind: Literal["masked_distance_prediction"] = "masked_distance_prediction"
    mean: float = Field(7.7, ge=0, description="Subtracted from a distance, in angstrom: the mean on six crystals.")
    scale: float = Field(1.7, gt=0, description="Then divided by, in angstrom: the standard deviation there.")

    def build(self, width: EncoderWidth) -> "MaskedDistancePrediction":
        """Return the objective for an encoder of this width."""
        return MaskedDistancePrediction(self, width)


class MaskedDistancePrediction(MaskedGroupObjective):
    """One standardised distance per residue; `score` is in angstrom."""

    purpose: ClassVar[str] = "masked_distance_prediction"
    size: ClassVar[GroupSize] = 2

    def __init__(self, config: MaskedDistancePredictionConfig, width: EncoderWidth) -> None:
        super().__init__(config, width, 1)
        self.mean, self.scale = config.mean, config.scale

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the CA distance in angstrom of the uncorrupted structure, supervised where a pair was drawn."""
        (own, other), is_drawn = self.drawn_points(batch)
        return Targets(vector_length(own - other), is_drawn)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " residue"]:
        """Return one standardised distance per residue."""
        return super().predict(encoding, inputs)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed squared error in units of `scale`."""
        prediction = full_precision(prediction)
        return (prediction - (value.to(prediction.dtype) - self.mean) / self.scale).square().sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return distances in angstrom."""
        return full_precision(prediction) * self.scale + self.mean
