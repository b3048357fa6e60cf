"""Evidential regression: a distribution over Gaussians, so that noise and ignorance are stated apart.

The head predicts a normal-inverse-gamma distribution (mu, nu, alpha, beta) over mean and variance of a Gaussian (Amini
et al., 2020). What is stated as ignorance is learned from the same labels as the rest; nothing forces it to grow away
from the training data, so it is to be judged, not believed (`docs/concepts/uncertainty.md`). Axes: item, column.
"""

import math
from typing import Literal

import torch
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
from protea.objectives.stated_columns import ALEATORIC, EPISTEMIC, SIGMA, VALUE
from protea.protein.batch import ProteinBatch

__all__ = ["Evidential", "EvidentialConfig"]

_LEAST = 1e-6


class EvidentialConfig(ObjectiveConfig):
    """Likelihood of (label - mean) / scale under a Student t, plus a price on evidence for wrong answers."""

    kind: Literal["evidential"] = "evidential"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    mean: float = Field(0.0, description="Mean of the training labels, in the label's unit.")
    scale: float = Field(1.0, gt=0, description="Standard deviation of the training labels, in the label's unit.")
    evidence_price: float = Field(
        0.1, ge=0, description="Weight of |error| (2 nu + alpha) beside the negative log likelihood."
    )
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "Evidential":
        """Return the objective for an encoder of this width."""
        return Evidential(self, width)


class Evidential(Objective):
    """mu, nu > 0, alpha > 1 and beta > 0 per item; `score` is (value, sigma, aleatoric, epistemic), label's unit."""

    columns = (VALUE, SIGMA, ALEATORIC, EPISTEMIC)

    def __init__(self, config: EvidentialConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level = config.label, config.level
        self.mean, self.scale, self.evidence_price = config.mean, config.scale, config.evidence_price
        self.head = item_head_of(config.head, config.level, width.channel, 4)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in its own unit, as a real number, and where it is known."""
        value, is_known = label_targets(batch, self.label, self.level)
        return Targets(full_precision(value), is_known)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item four"]:
        """Return mu, nu, alpha and beta in standardised units."""
        output = full_precision(predict_items(self.head, self.level, encoding, inputs))
        positive = F.softplus(output[:, 1:]) + _LEAST
        return torch.stack([output[:, 0], positive[:, 0], positive[:, 1] + 1.0, positive[:, 2]], dim=1)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed negative log likelihood (natural log) and price, in standardised units."""
        mu, nu, alpha, beta = full_precision(prediction).unbind(1)
        error = (value.to(mu.dtype) - self.mean) / self.scale - mu
        omega = 2.0 * beta * (1.0 + nu)
        likelihood = (
            0.5 * (math.log(math.pi) - nu.log())
            - alpha * omega.log()
            + (alpha + 0.5) * (error.square() * nu + omega).log()
            + alpha.lgamma()
            - (alpha + 0.5).lgamma()
        )
        return (likelihood + self.evidence_price * error.abs() * (2.0 * nu + alpha)).sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return value and three deviations in the label's unit: of a new measurement, of noise, of ignorance.

        The squares add up: sigma^2 = aleatoric^2 + epistemic^2, the variance of the Student t.
        """
        mu, nu, alpha, beta = full_precision(prediction).unbind(1)
        aleatoric = beta / (alpha - 1.0)
        epistemic = aleatoric / nu
        deviations = torch.stack([aleatoric + epistemic, aleatoric, epistemic], dim=1).sqrt() * self.scale
        return torch.cat([(mu * self.scale + self.mean)[:, None], deviations], dim=1)
