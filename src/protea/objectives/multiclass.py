"""Classification of residues or proteins into one of several classes."""

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

__all__ = ["MultiClass", "MultiClassConfig"]


class MultiClassConfig(ObjectiveConfig):
    """Cross-entropy on a class label 0 .. num_classes - 1."""

    kind: Literal["multiclass"] = "multiclass"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    num_classes: int = Field(ge=2, description="Number of classes.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MultiClass":
        """Return the objective for an encoder of this width."""
        return MultiClass(self, width)


class MultiClass(Objective):
    """One logit per class and item; `score` is the log-probability."""

    def __init__(self, config: MultiClassConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level = config.label, config.level
        self.head = item_head_of(config.head, config.level, width.channel, config.num_classes)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the class and where it is known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item class"]:
        """Return logits."""
        return predict_items(self.head, self.level, encoding, inputs)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed cross-entropy, natural log."""
        return F.cross_entropy(full_precision(prediction), value.long(), reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return natural log-probabilities."""
        return full_precision(prediction).log_softmax(-1)
