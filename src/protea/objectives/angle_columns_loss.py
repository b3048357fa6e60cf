"""The loss of predicted angles as [cos, sin] columns, of which some may be undefined."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from protea.objectives.precision import full_precision

__all__ = ["angle_loss_sum", "is_angle_written"]

_COLUMNS = 2


def is_angle_written(columns: Float[Tensor, "item column"]) -> Bool[Tensor, "item angle"]:
    """Return which [cos, sin] pairs hold an angle: an undefined one is written as (0, 0), which no angle has."""
    return (columns.unflatten(-1, (-1, _COLUMNS)) != 0).any(-1)


def angle_loss_sum(prediction: Float[Tensor, "item column"], value: Float[Tensor, "item column"]) -> Float[Tensor, ""]:
    """Return the squared error summed over items, averaged over the columns of each item's defined angles."""
    prediction = full_precision(prediction)
    is_defined = is_angle_written(value)
    error = (prediction - value.to(prediction.dtype)).square().unflatten(-1, (-1, _COLUMNS)).sum(-1)
    num_columns = _COLUMNS * is_defined.sum(-1).clamp(min=1)
    # where, not a product: a prediction for an undefined angle gets no gradient whatever it is.
    return (torch.where(is_defined, error, 0.0).sum(-1) / num_columns).sum()
