"""One logistic regression per class, all fitted at once: classes that know nothing of one another."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

__all__ = ["PENALTIES", "logistic_degrees"]

PENALTIES = (0.01, 0.1)
"""Tried on the validation part: half the penalty times the squared weights, beside the summed mean cross-entropies."""
_STEPS = 30


def logistic_degrees(
    train: tuple[Float[np.ndarray, "protein column"], Bool[np.ndarray, "protein class"]],
    validation: tuple[Float[np.ndarray, "held_out column"], Bool[np.ndarray, "held_out class"]],
    asked: Float[np.ndarray, "asked column"],
    *,
    penalties: Sequence[float] = PENALTIES,
) -> Float[np.ndarray, "asked class"]:
    """Return the probability of each class by its own logistic regression.

    The losses of classes add up and share no weight, so that fitting all at once (L-BFGS on the whole training part) is
    fitting each. The penalty is one for all classes, chosen by the cross-entropy of the validation part.
    """
    x, y = torch.from_numpy(train[0]), torch.from_numpy(train[1].astype(train[0].dtype))
    x_held, y_held = torch.from_numpy(validation[0]), torch.from_numpy(validation[1].astype(train[0].dtype))
    best, least = None, np.inf
    for penalty in penalties:
        weight, bias = _fitted(x, y, penalty)
        loss = float(F.binary_cross_entropy_with_logits(x_held @ weight + bias, y_held))
        if best is None or loss < least:
            best, least = (weight, bias), loss
    assert best is not None, "at least one penalty"
    return (torch.from_numpy(asked) @ best[0] + best[1]).sigmoid().numpy()


def _fitted(x: Tensor, y: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
    weight = torch.zeros(x.shape[1], y.shape[1], dtype=x.dtype, requires_grad=True)
    # The share of a class is where its bias would end without any column; a class never seen begins low, not at -inf.
    share = y.mean(0).clamp(0.5 / len(y), 1 - 0.5 / len(y))
    bias = (share / (1 - share)).log().requires_grad_()
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=_STEPS, history_size=8, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y, reduction="sum") / len(y)
        loss = loss + penalty / 2 * weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weight.detach(), bias.detach()
