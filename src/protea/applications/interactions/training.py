"""Epochs over labelled pairs, and how long and how fast; what the trained models of pairs have in common."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.applications.interactions.model import Stage
from protea.applications.interactions.problem import Problem
from protea.config import Config

__all__ = ["EpochsConfig", "TrainedStage", "seeded", "trained_stages"]


class EpochsConfig(Config):
    """How a model of pairs is trained: AdamW on the cross-entropy of every type."""

    epochs: int = Field(100, ge=1, description="Passes over the training pairs.")
    stage: int = Field(10, ge=1, description="Epochs between the moments at which the model can be taken.")
    batch_size: int = Field(1024, ge=1, description="Pairs per step.")
    learning_rate: float = Field(1e-3, gt=0, description="Step size.")
    weight_decay: float = Field(1e-2, ge=0, description="Decoupled weight decay.")


class TrainedStage(Stage):
    """A module asked in evaluation mode."""

    def __init__(
        self, module: nn.Module, logits: Callable[[Int[Tensor, "pair 2"]], Float[Tensor, "pair type"]]
    ) -> None:
        self.module, self.logits = module, logits

    @torch.no_grad()
    def probability(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair type"]:
        """Return the probability of each type."""
        self.module.eval()
        return self.logits(torch.tensor(pairs)).double().sigmoid().numpy()


def seeded(seed: int, module: Callable[[], nn.Module]) -> nn.Module:
    """Return a module built from a seed; the global generator stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return module()


def trained_stages(
    config: EpochsConfig, problem: Problem, module: nn.Module,
    logits: Callable[[Int[Tensor, "pair 2"]], Float[Tensor, "pair type"]], seed: int,
) -> Iterator[TrainedStage]:  # fmt: skip
    """Yield the module after every `stage` epochs; `logits` are those of pairs of proteins, by way of the module.

    The order of pairs and dropout follow from the seed alone, however the stages are used in between.
    """
    pairs, labels = torch.tensor(problem.pairs), torch.from_numpy(problem.labels.astype(np.float32))
    optimizer = torch.optim.AdamW(module.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    draw = torch.Generator().manual_seed(seed)
    for epoch in range(1, config.epochs + 1):
        module.train()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed * 1_000_003 + epoch)  # dropout
            for rows in torch.randperm(len(pairs), generator=draw).split(config.batch_size):
                loss = F.binary_cross_entropy_with_logits(logits(pairs[rows]), labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        if epoch % config.stage == 0 or epoch == config.epochs:
            yield TrainedStage(module, logits)
