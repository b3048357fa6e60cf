"""Regression of a real label of residues or proteins, in standardised units."""

from typing import Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import HeadConfig
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.item_heads import item_head_of, predict_items
from protea.objectives.labels import label_targets
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["Regression", "RegressionConfig"]


class RegressionConfig(ObjectiveConfig):
    """Squared error on (label - mean) / scale."""

    kind: Literal["regression"] = "regression"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    mean: float = Field(0.0, description="Mean of the training labels, in the label's unit.")
    scale: float = Field(1.0, gt=0, description="Standard deviation of the training labels, in the label's unit.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "Regression":
        """Return the objective for an encoder of this width."""
        return Regression(self, width)


class Regression(Objective):
    """One standardised value per item; `score` is in the label's unit."""

    def __init__(self, config: RegressionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level = config.label, config.level
        self.mean, self.scale = config.mean, config.scale
        self.head = item_head_of(config.head, config.level, width.channel, 1)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in its own unit and where it is known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " item"]:
        """Return one standardised value per item."""
        return predict_items(self.head, self.level, encoding, inputs)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed squared error in standardised units."""
        prediction = full_precision(prediction)
        return F.mse_loss(prediction, (value.to(prediction.dtype) - self.mean) / self.scale, reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return values in the label's unit."""
        return full_precision(prediction) * self.scale + self.mean
