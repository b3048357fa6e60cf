"""In which ways two proteins interact: several yes/no labels of a pair (seven types in STRING's actions)."""

from typing import Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.interface import EncoderWidth, ItemLevel, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.pair_heads import AnyPairHeadConfig, ProductHeadConfig
from protea.objectives.pair_logits import pair_logits
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["PairInteractionTypes", "PairInteractionTypesConfig"]


class PairInteractionTypesConfig(ObjectiveConfig):
    """Binary cross-entropy per type, averaged over the types of a pair."""

    kind: Literal["pair_interaction_types"] = "pair_interaction_types"
    label: str = Field("interaction_types", description="Name of the label of pairs, an array [pair, type] of 0 and 1.")
    num_types: int = Field(7, ge=1, description="Number of types.")
    head: AnyPairHeadConfig = Field(ProductHeadConfig(), description="What reads two proteins.")

    def build(self, width: EncoderWidth) -> "PairInteractionTypes":
        """Return the objective for an encoder of this width."""
        return PairInteractionTypes(self, width)


class PairInteractionTypes(Objective):
    """One logit per type and pair; `score` is the probability of each type."""

    level: ItemLevel = "pair"

    def __init__(self, config: PairInteractionTypesConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label = config.label
        self.head = config.head.build(width.channel, config.num_types)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the labels and where those of a pair are known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "pair type"]:
        """Return logits."""
        return pair_logits(self.head, encoding, inputs)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the cross-entropy summed over pairs and averaged over types, natural log."""
        logit = full_precision(prediction)
        total = F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum")
        return total / prediction.shape[-1]

    def score(self, prediction: Tensor) -> Tensor:
        """Return the probability of each type."""
        return full_precision(prediction).sigmoid()
