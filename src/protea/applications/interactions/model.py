"""What every interaction model is: fitted to the training pairs of a network, then asked for the types of other pairs.

A model is fitted in stages (epochs; a control has one), and each stage can be asked. Which stage is taken, and where
its probabilities are cut, is decided outside on validation pairs, in the same way for every model.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from protea.applications.interactions.problem import Problem
from protea.config import Config

__all__ = ["InteractionModelConfig", "Stage"]


class Stage(ABC):
    """A model at one moment of its fitting."""

    @abstractmethod
    def probability(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair type"]:
        """Return the probability of each type for pairs of proteins of the network."""


class InteractionModelConfig(Config, ABC):
    """Base of every model's settings; the subclass adds `kind: Literal[...]`."""

    reads_columns: ClassVar[bool] = False
    """Whether it reads the columns of the proteins; the controls do not."""
    reads_messages: ClassVar[bool] = False
    """Whether it reads which pairs exist beside the training pairs, so that `messages` matters."""

    kind: str

    @abstractmethod
    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the model at each stage of its fitting; at least one, the same number for every problem.

        A stage is asked before the next is made: it may share its numbers with it.
        """
