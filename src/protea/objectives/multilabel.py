"""Classification of residues or proteins by several labels at once (a protein may have any number of them)."""

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

__all__ = ["MultiLabel", "MultiLabelConfig"]


class MultiLabelConfig(ObjectiveConfig):
    """Binary cross-entropy per label, averaged over the labels of an item."""

    kind: Literal["multilabel"] = "multilabel"
    label: str = Field(description="Name of the label, an array [item, num_labels] of 0 and 1.")
    level: Level = Field(description="What carries the label.")
    num_labels: int = Field(ge=1, description="Number of labels.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MultiLabel":
        """Return the objective for an encoder of this width."""
        return MultiLabel(self, width)


class MultiLabel(Objective):
    """One logit per label and item; `score` is the probability of each label."""

    def __init__(self, config: MultiLabelConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level = config.label, config.level
        self.head = item_head_of(config.head, config.level, width.channel, config.num_labels)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the labels and where an item's labels are known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item label"]:
        """Return logits."""
        return predict_items(self.head, self.level, encoding, inputs)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the cross-entropy summed over items and averaged over labels, natural log."""
        logit = full_precision(prediction)
        total = F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum")
        return total / prediction.shape[-1]

    def score(self, prediction: Tensor) -> Tensor:
        """Return the probability of each label."""
        return full_precision(prediction).sigmoid()
