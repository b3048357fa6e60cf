"""Whether two proteins interact: binary cross-entropy on pairs, known ones against drawn ones.

The known pairs come from a network. Pairs that do not interact are drawn beside them, one to one and anew in each pass
over the data (`training/pair_rows.py` with `datasets/interactions/non_interactions.py`): of the same species, evenly
over the pairs that nobody has reported, never one that is known at any confidence. ConfProtein (arXiv 2202.02944)
trains its interaction prompt like this; its rule for negatives is not published.
"""

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

__all__ = ["PairInteraction", "PairInteractionConfig"]


class PairInteractionConfig(ObjectiveConfig):
    """Binary cross-entropy on the pairs of a batch."""

    kind: Literal["pair_interaction"] = "pair_interaction"
    label: str = Field("interacts", description="Name of the label of pairs: 1 known to interact, 0 drawn.")
    head: AnyPairHeadConfig = Field(ProductHeadConfig(), description="What reads two proteins.")

    def build(self, width: EncoderWidth) -> "PairInteraction":
        """Return the objective for an encoder of this width."""
        return PairInteraction(self, width)


class PairInteraction(Objective):
    """One logit per pair; `score` is the probability that the two interact."""

    level: ItemLevel = "pair"

    def __init__(self, config: PairInteractionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label = config.label
        self.head = config.head.build(width.channel, 1)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label and where it is known."""
        return label_targets(batch, self.label, self.level)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " pair"]:
        """Return one logit per pair."""
        return pair_logits(self.head, encoding, inputs)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed binary cross-entropy, natural log."""
        logit = full_precision(prediction)
        return F.binary_cross_entropy_with_logits(logit, value.to(logit.dtype), reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return the probability that two proteins interact."""
        return full_precision(prediction).sigmoid()
