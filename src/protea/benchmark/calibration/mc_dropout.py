"""Monte Carlo dropout: predictions with dropout left on, several times. Axes: draw, item."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from protea.errors import InputError, describe

__all__ = ["dropout_draws", "dropout_switched_on"]


@contextmanager
def dropout_switched_on(model: nn.Module) -> Iterator[int]:
    """Put a model in evaluation mode but for its dropout layers, and yield their number; all modes return afterwards.

    Nothing else may be in training mode: normalisation layers would read, and change, statistics of the batch.

    Raises:
        InputError: the model has no dropout layer with a rate above 0, so every draw would be the same.
    """
    layers = [layer for layer in model.modules() if isinstance(layer, _DropoutNd) and layer.p > 0]
    if not layers:
        raise InputError(
            describe("no dropout layer with a rate above 0", where=type(model).__name__,
                     do="Train with dropout (`head.dropout`), or take an ensemble.")
        )  # fmt: skip
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        # Set by attribute, since a model may keep its frozen parts in evaluation mode whatever is asked.
        for layer in layers:
            layer.training = True
        yield len(layers)
    finally:
        for module, was_training in modes:
            module.training = was_training


@torch.no_grad()
def dropout_draws(
    model: nn.Module, predict: Callable[[], Float[Tensor, "..."]], num_draws: int = 20, seed: int = 0
) -> Float[Tensor, "draw ..."]:
    """Return the predictions of `num_draws` random networks (Gal and Ghahramani, 2016).

    Their mean is the prediction; their variance is ignorance alone, to which the noise that the model states is added
    (`ensemble.combine_values`). torch's own generators are left as they were.

    Args:
        model: the model that `predict` calls.
        predict: gives one prediction of fixed inputs.
        num_draws: number of networks.
        seed: of their draws.

    Raises:
        InputError: no dropout in the model, or fewer than two draws.
    """
    if num_draws < 2:
        raise InputError(describe(f"{num_draws} draws", expected="at least 2, usually 20"))
    devices = sorted({parameter.device.index for parameter in model.parameters() if parameter.is_cuda})
    with dropout_switched_on(model), torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        return torch.stack([predict() for _ in range(num_draws)])
