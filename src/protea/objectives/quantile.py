"""Quantile regression: several quantiles of the label per item, in order by construction. Axes: item, level."""

from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import HeadConfig
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.item_heads import item_head_of, predict_items
from protea.objectives.labels import label_targets
from protea.objectives.precision import full_precision
from protea.objectives.stated_columns import quantile_column
from protea.protein.batch import ProteinBatch

__all__ = ["Quantile", "QuantileConfig"]

_MEDIAN = 0.5


class QuantileConfig(ObjectiveConfig):
    """Pinball loss of (label - mean) / scale at several levels."""

    kind: Literal["quantile"] = "quantile"
    label: str = Field(description="Name of the label.")
    level: Level = Field(description="What carries the label.")
    mean: float = Field(0.0, description="Mean of the training labels, in the label's unit.")
    scale: float = Field(1.0, gt=0, description="Standard deviation of the training labels, in the label's unit.")
    quantiles: tuple[float, ...] = Field(
        (0.05, 0.5, 0.95), description="Levels of the quantiles, rising, 0.5 among them: it is the value."
    )
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    @model_validator(mode="after")
    def _check_levels(self) -> "QuantileConfig":
        levels = self.quantiles
        if list(levels) != sorted(set(levels)) or not 0.0 < levels[0] <= levels[-1] < 1.0 or _MEDIAN not in levels:
            raise ValueError(f"quantiles are {levels}; expected rising levels between 0 and 1 with 0.5 among them")
        return self

    def build(self, width: EncoderWidth) -> "Quantile":
        """Return the objective for an encoder of this width."""
        return Quantile(self, width)


class Quantile(Objective):
    """Standardised quantiles per item, which cannot cross; `score` is the same in the label's unit."""

    def __init__(self, config: QuantileConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.label, self.level, self.quantiles = config.label, config.level, config.quantiles
        self.mean, self.scale = config.mean, config.scale
        self.columns = tuple(quantile_column(level) for level in config.quantiles)
        self.head = item_head_of(config.head, config.level, width.channel, len(config.quantiles))

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the label in its own unit, as a real number, and where it is known."""
        value, is_known = label_targets(batch, self.label, self.level)
        return Targets(full_precision(value), is_known)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item level"]:
        """Return standardised quantiles: the median, and from it positive steps up and down."""
        output = full_precision(predict_items(self.head, self.level, encoding, inputs))
        middle = self.quantiles.index(_MEDIAN)
        median, step = output[:, middle : middle + 1], F.softplus(output)
        above = median + step[:, middle + 1 :].cumsum(1)
        below = median - step[:, :middle].flip(1).cumsum(1).flip(1)
        return torch.cat([below, median, above], dim=1)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the pinball loss summed over items and levels, in standardised units."""
        prediction = full_precision(prediction)
        level = prediction.new_tensor(self.quantiles)
        above = ((value.to(prediction.dtype) - self.mean) / self.scale)[:, None] - prediction
        return torch.maximum(level * above, (level - 1.0) * above).sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return the quantiles in the label's unit."""
        return full_precision(prediction) * self.scale + self.mean
