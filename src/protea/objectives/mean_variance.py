"""Regression with a variance: the head predicts a mean and a variance, trained by the likelihood of the labels.

The second output of the head is read as a variance, in the loss and in the score: softplus makes it positive, its root
is sigma. Published code that trains it as a variance and reads it as a deviation states intervals that are far too wide
or too narrow. Axes: item, column.
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
from protea.objectives.stated_columns import SIGMA, VALUE
from protea.protein.batch import ProteinBatch

__all__ = ["MeanVariance", "MeanVarianceConfig"]

_LEAST_VARIANCE = 1e-6
"""In standardised units: a sigma of a thousandth of the labels' deviation."""


class MeanVarianceConfig(ObjectiveConfig):
    """Gaussian likelihood of (label - mean) / scale, with a predicted variance per item (Nix and Weigend, 1994)."""

    kind: Literal["mean_variance"] = "mean_variance"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    mean: float = Field(0.0, description="Mean of the training labels, in the label's unit.")
    scale: float = Field(1.0, gt=0, description="Standard deviation of the training labels, in the label's unit.")
    beta: float = Field(
        0.0, ge=0, le=1,
        description="Each item's loss is multiplied by its variance to this power, held constant: 0 is the likelihood, "
        "0.5 lets items of large variance still teach the mean (Seitzer et al., 2022).",
    )  # fmt: skip
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "MeanVariance":
        """Return the objective for an encoder of this width."""
        return MeanVariance(self, width)


class MeanVariance(Objective):
    """Mean and variance in standardised units per item; `score` is (value, sigma) in the label's unit."""

    columns = (VALUE, SIGMA)

    def __init__(self, config: MeanVarianceConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level, self.beta = config.label, config.level, config.beta
        self.mean, self.scale = config.mean, config.scale
        self.head = item_head_of(config.head, config.level, width.channel, 2)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in its own unit, as a real number, and where it is known."""
        value, is_known = label_targets(batch, self.label, self.level)
        return Targets(full_precision(value), is_known)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item two"]:
        """Return mean and variance, standardised: (label - mean) / scale has this mean and this variance."""
        output = full_precision(predict_items(self.head, self.level, encoding, inputs))
        return torch.stack([output[:, 0], F.softplus(output[:, 1]) + _LEAST_VARIANCE], dim=1)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed negative log likelihood in standardised units, natural log; weighted if `beta` says so."""
        mean, variance = full_precision(prediction).unbind(1)
        error = (value.to(mean.dtype) - self.mean) / self.scale - mean
        loss = 0.5 * (math.log(2.0 * math.pi) + variance.log() + error.square() / variance)
        return (loss * variance.detach() ** self.beta).sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return (value, sigma) in the label's unit: the variance grows with the square of the scale, sigma with it."""
        mean, variance = full_precision(prediction).unbind(1)
        return torch.stack([mean * self.scale + self.mean, variance.sqrt() * self.scale], dim=1)
