"""How several objectives become one loss: a weight each, really applied.

loss = sum over objectives of weight * (summed loss / number of supervised items). The counts are those of the whole
step, over all accumulated batches and processes.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from protea.errors import ConfigError, describe

__all__ = ["check_weights", "weighted_loss"]


def check_weights(names: set[str], weights: Mapping[str, float]) -> None:
    """Raise ConfigError where an objective has no weight, a weight no objective, or a weight is negative."""
    if set(weights) != names:
        raise ConfigError(describe("one weight per objective", expected=str(sorted(names)), found=str(sorted(weights))))
    negative = {name: weight for name, weight in weights.items() if weight < 0}
    if negative:
        raise ConfigError(describe("a weight is negative", expected="weights >= 0", found=str(negative)))


def weighted_loss(
    sums: Mapping[str, Float[Tensor, ""]],
    counts: Mapping[str, Float[Tensor, ""]],
    weights: Mapping[str, float] | Mapping[str, Float[Tensor, ""]],
) -> Float[Tensor, ""]:
    """Return the weighted sum of mean losses; an objective without any supervised item in the step adds nothing."""
    total = torch.zeros((), dtype=torch.float32, device=next(iter(sums.values())).device)
    for name, loss_sum in sums.items():
        total = total + weights[name] * loss_sum / counts[name].clamp_min(1)
    return total
