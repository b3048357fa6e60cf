"""What every encoder of a comparison gets: the same number of trials of the same length, proposed in the same way."""

from typing import Literal, NamedTuple

from pydantic import Field

from protea.config import Config

__all__ = ["Budget", "Row", "SamplerKind"]

SamplerKind = Literal["tpe", "random"]
"""How trials are proposed: by a tree-structured Parzen estimator of what did well, or at random."""


class Budget(Config):
    """The budget of each search of a comparison."""

    trials: int = Field(ge=1, description="Trainings.")
    epochs: int = Field(ge=1, description="Epochs of each, at most: a training may stop early.")
    sampler: SamplerKind = Field("tpe", description="How trials are proposed.")
    seed: int = Field(0, ge=0, description="Seed of the proposals; every training has the first seed of the grid.")

    @property
    def words(self) -> str:
        """The budget, in words."""
        return f"{self.trials} trials of at most {self.epochs} epochs, proposed by {self.sampler}, seed {self.seed}"


class Row(NamedTuple):
    """What is searched: an encoder of the grid under one of its schemes."""

    encoder: str
    scheme: str

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.encoder}-{self.scheme}"
