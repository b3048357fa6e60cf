"""The one interface of all objectives: corrupt, target, predict, loss.

An objective is a pretraining task or a supervised loss. The steps are apart so that each can be seen and tested, and so
that the number of supervised items is known before the forward pass: a step divides by the global count, whatever the
number of accumulated batches and processes. Axes: item (residue, protein or pair of proteins), channel.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor, nn

from protea.config import Config
from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.interface import FeaturisedBatch, Reveals
from protea.protein.batch import ProteinBatch

__all__ = [
    "Corruption",
    "EncoderWidth",
    "ItemLevel",
    "Judged",
    "Level",
    "Maps",
    "Objective",
    "ObjectiveConfig",
    "Prediction",
    "Targets",
]

Level = Literal["residue", "protein"]
"""What an encoder gives an embedding of."""

ItemLevel = Literal["residue", "protein", "pair", "map"]
"""What an objective asks about: pairs of proteins too, or cells of maps of residue pairs; a head makes these of two

embeddings."""

Prediction = Any
"""What an objective predicts: a tensor with a row per item, or what it alone reads and a mask of items selects from."""


class EncoderWidth(NamedTuple):
    """What a head must know of an encoder: the width of its embeddings."""

    channel: int


@dataclass(frozen=True)
class Corruption:
    """The source of randomness of corruptions: a pure function of (seed, epoch, protein id), so a rerun repeats it.

    In training the epoch is the number of the pass over the data, so that no two visits of a protein are alike.
    """

    seed: int
    epoch: int

    def generator(self, protein_id: str, purpose: str) -> torch.Generator:
        """Return a fresh CPU generator for one protein and purpose."""
        key = f"{self.seed}/{self.epoch}/{purpose}/{protein_id}".encode()
        return torch.Generator().manual_seed(int.from_bytes(hashlib.blake2b(key, digest_size=7).digest(), "little"))


class Maps(NamedTuple):
    """Which map of residue pairs each item of a batch is of, where items are cells of maps.

    `members` are the ids of the protein, or of both, that a map is of; `length` is L of its precision at L.
    """

    members: tuple[tuple[str, ...], ...]
    num_cells: tuple[int, ...]
    length: tuple[int, ...]
    separation: Int[Tensor, " cell"]


class Targets(NamedTuple):
    """What the prediction is held against; only supervised items count."""

    value: Shaped[Tensor, "item ..."]
    is_supervised: Bool[Tensor, " item"]


class Judged(NamedTuple):
    """Scores as they are held against labels, and which items were answered: the others have the worst score."""

    score: Tensor
    is_answered: Bool[Tensor, " item"]


class Objective(nn.Module, ABC):
    """Base of all objectives. A subclass is final and owns its head.

    `forbids` names what features must not reveal; `asks_of_hidden_edges` that the answer is the geometry of edges that
    are hidden, which no encoder may measure; `takes_atoms_away` that the encoder reads sequences alone, whatever shares
    the batch; `level` says what an item is. `num_views` is how many views of each
    protein `corrupt` returns, next to each other; with more than one the objective does not share the batch that all
    others corrupt and read in turn: its views are made of the clean batch and encoded by themselves. `columns` names
    the numbers of `score` where they describe one distribution (`stated_columns.py`); it is empty elsewhere.
    """

    forbids: ClassVar[frozenset[Reveals]] = frozenset()
    asks_of_hidden_edges: ClassVar[bool] = False
    takes_atoms_away: ClassVar[bool] = False
    num_views: ClassVar[int] = 1
    level: ItemLevel
    columns: tuple[str, ...] = ()

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch that the encoder sees; answers travel as extras. Supervised objectives change nothing."""
        return batch

    def maps(self, batch: ProteinBatch) -> Maps:
        """Return the maps of a batch; raise ContractError where items are no cells of maps."""
        raise ContractError(describe("no maps are asked for", where=type(self).__name__, found=f"level {self.level}"))

    @abstractmethod
    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the targets of a corrupted batch."""

    @abstractmethod
    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Prediction:
        """Return the raw prediction (logits, or standardised values) of every item."""

    @abstractmethod
    def loss_sum(self, prediction: Prediction, value: Tensor) -> Float[Tensor, ""]:
        """Return the loss summed (not averaged) over the given supervised items."""

    @abstractmethod
    def score(self, prediction: Prediction) -> Tensor:
        """Return what metrics and users read: probabilities, or values in the unit of the label."""

    def judged(self, prediction: Prediction, value: Shaped[Tensor, "item ..."]) -> Judged:
        """Return the scores that metrics are told; an objective that may fail to answer gives the worst there."""
        score = self.score(prediction)
        return Judged(score, torch.ones(len(score), dtype=torch.bool, device=score.device))

    def share_with(self, others: Iterable["Objective"]) -> None:
        """Take over what this objective has in common with others of its model; nothing by default."""


class ObjectiveConfig(Config, ABC):
    """Base of all objective configurations; the subclass adds `kind: Literal[...]`."""

    @abstractmethod
    def build(self, width: EncoderWidth) -> Objective:
        """Return the objective with its head for an encoder of this width."""
