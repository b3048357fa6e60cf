"""A head over the fixed vectors of two proteins: no network is read, so it answers for proteins never seen."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from protea.applications.interactions.model import InteractionModelConfig, Stage
from protea.applications.interactions.problem import Problem, standardised
from protea.applications.interactions.training import EpochsConfig, seeded, trained_stages
from protea.objectives.pair_heads import ConcatenationHeadConfig, ProductHeadConfig
from protea.objectives.pairing import PairHead

__all__ = ["PairNetworkConfig", "VectorHeadConfig", "trained_proteins"]

VectorHeadConfig = Annotated[ProductHeadConfig | ConcatenationHeadConfig, Field(discriminator="kind")]


class PairNetworkConfig(InteractionModelConfig):
    """A pair head on the columns of both proteins, standardised over the proteins of training pairs."""

    reads_columns: ClassVar[bool] = True
    kind: Literal["pair_network"] = "pair_network"
    head: VectorHeadConfig = Field(ProductHeadConfig(width=64), description="The head over two vectors.")
    training: EpochsConfig = Field(EpochsConfig(), description="How it is trained.")

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the head after every stage of epochs."""
        protein = torch.from_numpy(standardised(problem.columns, trained_proteins(problem)))
        num_types = len(problem.network.types)
        head = seeded(seed, lambda: self.head.build(protein.shape[1], num_types))
        assert isinstance(head, PairHead)
        yield from trained_stages(self.training, problem, head, lambda pair: head(protein, pair), seed)


def trained_proteins(problem: Problem) -> np.ndarray:
    """Return which proteins stand in a training pair."""
    is_trained = np.zeros(problem.network.num_proteins, bool)
    is_trained[problem.pairs] = True
    return is_trained
