"""Models that read no sequence: what the question yields without knowing a single residue.

- class prior: every pair gets the share of each type among the training pairs
- all ones: every pair has every type
- label profile: the mean of the shares of types among the training pairs of either protein; the prior for a protein
  that has none. On published splits it is above every sequence model that reads no network.
- degree: the number of partners of both proteins that message passing sees, and nothing of their types
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from protea.applications.interactions.model import InteractionModelConfig, Stage
from protea.applications.interactions.problem import Problem
from protea.benchmark.controls.degree import DegreeRegression
from protea.datasets.interactions.label_profile import label_profiles, partner_counts

__all__ = ["AllOnesConfig", "ClassPriorConfig", "DegreeConfig", "LabelProfileConfig"]


class _OfProteins(Stage):
    """A row of probabilities per protein; a pair gets the mean of its two."""

    def __init__(self, row: Float[np.ndarray, "protein type"]) -> None:
        self.row = row

    def probability(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair type"]:
        return self.row[pairs].mean(axis=1)


class ClassPriorConfig(InteractionModelConfig):
    """Control: the share of each type among the training pairs, for every pair."""

    kind: Literal["class_prior"] = "class_prior"

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the one stage."""
        yield _OfProteins(np.tile(problem.prior, (problem.network.num_proteins, 1)))


class AllOnesConfig(InteractionModelConfig):
    """Control: every type for every pair, whatever the threshold."""

    kind: Literal["all_ones"] = "all_ones"

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the one stage."""
        yield _OfProteins(np.ones((problem.network.num_proteins, len(problem.network.types))))


class LabelProfileConfig(InteractionModelConfig):
    """Control: the types of the training pairs of both proteins, averaged."""

    kind: Literal["label_profile"] = "label_profile"

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the one stage."""
        yield _OfProteins(label_profiles(problem.pairs, problem.labels, problem.network.num_proteins).profile)


class DegreeConfig(InteractionModelConfig):
    """Control: logistic regression on the numbers of partners of both proteins (larger, smaller; log of 1 + n)."""

    reads_messages: ClassVar[bool] = True
    kind: Literal["degree"] = "degree"
    inverse_penalty: float = Field(1.0, gt=0, description="C of the logistic regression.")

    def stages(self, problem: Problem, seed: int) -> Iterator[Stage]:
        """Yield the one stage."""
        degree = problem.network.with_pairs(problem.seen).degree()
        yield _Degree(degree, problem, self.inverse_penalty)


class _Degree(Stage):
    def __init__(self, degree: Int[np.ndarray, " protein"], problem: Problem, inverse_penalty: float) -> None:
        self.degree = degree
        self.learned = DegreeRegression(partner_counts(problem.pairs, degree), problem.labels, inverse_penalty)

    def probability(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, "pair type"]:
        return self.learned.probability(partner_counts(pairs, self.degree))
