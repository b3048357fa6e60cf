"""How strongly two proteins bind, or the chains of one complex: -log10 of Kd in mol/l, or dG in kcal/mol.

dG = RT ln(Kd / 1 mol/l) = -RT ln(10) (-log10 Kd): at 298.15 K a factor of ten is 1.364 kcal/mol, and stronger binding
is a higher -log10 Kd and a lower dG.
"""

import math
from typing import Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import EncoderWidth, ItemLevel, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.pair_heads import AnyPairHeadConfig, ProductHeadConfig
from protea.objectives.pair_logits import pair_logits
from protea.objectives.pairing import PairHead
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["GAS_CONSTANT", "AffinityQuantity", "BindingAffinity", "BindingAffinityConfig", "kcal_per_decade"]

AffinityQuantity = Literal["minus_log10_kd", "free_energy"]

GAS_CONSTANT = 1.98720425864083e-3
"""In kcal/(mol K)."""


def kcal_per_decade(kelvin: float) -> float:
    """Return by how many kcal/mol a tenfold Kd raises dG at a temperature."""
    return GAS_CONSTANT * kelvin * math.log(10.0)


class BindingAffinityConfig(ObjectiveConfig):
    """Squared error on (label - mean) / scale, of pairs or of whole complexes."""

    kind: Literal["binding_affinity"] = "binding_affinity"
    label: str = Field("affinity", description="Name of the label, in the unit of `quantity`.")
    level: Literal["pair", "protein"] = Field(
        "pair", description="pair: two proteins that bind; protein: one complex, whose chains bind."
    )
    quantity: AffinityQuantity = Field(
        "minus_log10_kd", description="What the label holds: -log10 of Kd in mol/l, or dG in kcal/mol."
    )
    answer: AffinityQuantity | None = Field(None, description="What scores are given in; as the label, if none is set.")
    kelvin: float = Field(298.15, gt=0, description="Temperature at which one is turned into the other.")
    mean: float = Field(0.0, description="Mean of the training labels, in the label's unit.")
    scale: float = Field(1.0, gt=0, description="Standard deviation of the training labels, in the label's unit.")
    pair_head: AnyPairHeadConfig = Field(ProductHeadConfig(), description="What reads two proteins.")
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head of one complex.")

    def build(self, width: EncoderWidth) -> "BindingAffinity":
        """Return the objective for an encoder of this width."""
        return BindingAffinity(self, width)


class BindingAffinity(Objective):
    """One standardised value per item; `score` is in the unit that was asked for."""

    def __init__(self, config: BindingAffinityConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.config = config
        self.level: ItemLevel = config.level
        self.head = (
            config.pair_head.build(width.channel, 1)
            if config.level == "pair"
            else head_of(config.head, width.channel, 1)
        )

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in the unit of scores and where it is known."""
        value, is_known = label_targets(batch, self.config.label, self.level)
        return Targets(self._answered(value.to(batch.atom_position.dtype)), is_known)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " item"]:
        """Return one standardised value per pair or complex."""
        if isinstance(self.head, PairHead):
            return pair_logits(self.head, encoding, inputs)[:, 0]
        return self.head(encoding.protein)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed squared error in standardised units of the label."""
        prediction = full_precision(prediction)
        labelled = value.to(prediction.dtype) / self._factor()
        return F.mse_loss(prediction, (labelled - self.config.mean) / self.config.scale, reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return values in the unit of `answer`."""
        return self._answered(full_precision(prediction) * self.config.scale + self.config.mean)

    def _answered(self, labelled: Tensor) -> Tensor:
        return labelled * self._factor()

    def _factor(self) -> float:
        """Return what turns the label's quantity into the answer's."""
        config = self.config
        if config.answer is None or config.answer == config.quantity:
            return 1.0
        per_decade = -kcal_per_decade(config.kelvin)
        return per_decade if config.quantity == "minus_log10_kd" else 1.0 / per_decade
