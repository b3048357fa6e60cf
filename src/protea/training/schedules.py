"""How the learning rate moves: down on a plateau of the metric, or up linearly and down along a cosine.

Both are told of every step and every epoch, so that the loop need not know which one it has. A position is counted in
epochs: 2.25 is a quarter into the third one.
"""

import math
from typing import Any, Literal, Protocol, runtime_checkable

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from protea.training.config import TrainingConfig

__all__ = ["PlateauSchedule", "Schedule", "WarmupCosineSchedule", "schedule_of", "warmup_cosine"]


@runtime_checkable
class Schedule(Protocol):
    """Sets the rate of an optimiser. Its state goes into the checkpoint."""

    def before_step(self, position: float) -> None:
        """Set the rate for the optimiser step that starts at a position (epochs)."""

    def after_epoch(self, metric: float) -> None:
        """Take note of the validation metric of an epoch."""

    def state_dict(self) -> dict[str, Any]:
        """Return the state."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up a state."""


class _Plateau(ReduceLROnPlateau):
    """torch's rule with its least gain, a share of the best value, also where that is below 0.

    There torch's bound lies on the other side of the best value, so that equal or worse epochs would count as better.
    """

    def _is_better(self, metric: float, best: float) -> bool:
        is_max = self.mode == "max"
        bound = best * (1.0 + self.threshold if is_max == (best >= 0.0) else 1.0 - self.threshold)
        return metric > bound if is_max else metric < bound

    is_better = _is_better  # the name that torch 2.6 calls


class PlateauSchedule:
    """Multiplies the rate by a factor when the metric has not improved for some epochs.

    An epoch that gains less than a ten-thousandth of the best value has not improved it.
    """

    def __init__(self, optimizer: Optimizer, mode: Literal["min", "max"], factor: float, patience: int) -> None:
        self._inner = _Plateau(optimizer, mode, factor=factor, patience=patience)

    def before_step(self, position: float) -> None:
        """Leave the rate as it is."""

    def after_epoch(self, metric: float) -> None:
        """Lower the rate if the metric has stalled."""
        self._inner.step(metric)

    def state_dict(self) -> dict[str, Any]:
        """Return the best metric and the epochs since."""
        return self._inner.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        self._inner.load_state_dict(state)


def warmup_cosine(position: float, warmup_epochs: float, epochs: float) -> float:
    """Return the share of the full rate at a position (epochs): linear from 0 to 1, then half a cosine down to 0.

    Loshchilov and Hutter, 2017 (SGDR), equation 5 without restarts, after a linear warm-up.
    """
    if position < warmup_epochs:
        return position / warmup_epochs
    if epochs <= warmup_epochs:
        return 1.0
    passed = min((position - warmup_epochs) / (epochs - warmup_epochs), 1.0)
    return 0.5 * (1.0 + math.cos(math.pi * passed))


class WarmupCosineSchedule:
    """Sets the rate as a function of the position alone, so that it has no state."""

    def __init__(self, optimizer: Optimizer, rate: float, warmup_epochs: float, epochs: int) -> None:
        self.optimizer, self.rate, self.warmup_epochs, self.epochs = optimizer, rate, warmup_epochs, epochs

    def before_step(self, position: float) -> None:
        """Set the rate of every parameter group."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * warmup_cosine(position, self.warmup_epochs, float(self.epochs))

    def after_epoch(self, metric: float) -> None:
        """Do nothing: the metric has no say."""

    def state_dict(self) -> dict[str, Any]:
        """Return nothing: the position says all."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take nothing up."""


def schedule_of(config: TrainingConfig, optimizer: Optimizer, *, higher_is_better: bool) -> Schedule:
    """Return the schedule that a training asks for."""
    if config.schedule == "warmup_cosine":
        return WarmupCosineSchedule(optimizer, config.learning_rate, config.warmup_epochs, config.epochs)
    mode: Literal["min", "max"] = "max" if higher_is_better else "min"
    return PlateauSchedule(optimizer, mode, config.plateau_factor, config.plateau_patience)
