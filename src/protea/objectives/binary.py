"""Binary classification of residues or proteins by one logit."""

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

__all__ = ["Binary", "BinaryConfig"]


class BinaryConfig(ObjectiveConfig):
    """Binary cross-entropy on a 0/1 label."""

    kind: Literal["binary"] = "binary"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "Binary":
        """Return the objective for an encoder of this width."""
        return Binary(self, width)


class Binary(Objective):
    """One logit per item; `score` is the probability of 1."""

    def __init__(self, config: BinaryConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level = config.label, config.level
        self.head = item_head_of(config.head, config.level, width.channel, 1)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label and where it is known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " item"]:
        """Return one logit per item."""
        return predict_items(self.head, self.level, encoding, inputs)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed binary cross-entropy, natural log."""
        logit = full_precision(prediction)
        return F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return the probability of 1."""
        return full_precision(prediction).sigmoid()
