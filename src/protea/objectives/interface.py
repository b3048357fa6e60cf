"""The one interface of all objectives: corrupt, target, predict, loss.

An objective is a pretraining task or a supervised loss. The steps are apart so that each can be seen and tested, and so
that the number of supervised items is known before the forward pass: a step divides by the global count, whatever the
number of accumulated batches and processes. Axes: item (residue, protein or pair of proteins), channel.
"""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Shaped
from torch import Tensor, nn

from protea.config import Config
from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.protein.batch import ProteinBatch

__all__ = ["Corruption", "EncoderWidth", "ItemLevel", "Level", "Objective", "ObjectiveConfig", "Targets"]

Level = Literal["residue", "protein"]
"""What an encoder gives an embedding of."""

ItemLevel = Literal["residue", "protein", "pair"]
"""What an objective asks about: pairs too, whose prediction a head makes of two embeddings."""


class EncoderWidth(NamedTuple):
    """What a head must know of an encoder: the width of its embeddings."""

    channel: int


@dataclass(frozen=True)
class Corruption:
    """The source of randomness of corruptions: a pure function of (seed, epoch, protein id), so a rerun repeats it."""

    seed: int
    epoch: int

    def generator(self, protein_id: str, purpose: str) -> torch.Generator:
        """Return a fresh CPU generator for one protein and purpose."""
        key = f"{self.seed}/{self.epoch}/{purpose}/{protein_id}".encode()
        return torch.Generator().manual_seed(int.from_bytes(hashlib.blake2b(key, digest_size=7).digest(), "little"))


class Targets(NamedTuple):
    """What the prediction is held against; only supervised items count."""

    value: Shaped[Tensor, "item ..."]
    is_supervised: Bool[Tensor, " item"]


class Objective(nn.Module, ABC):
    """Base of all objectives. A subclass is final and owns its head.

    `forbids` names what features must not reveal; `level` says what an item is. `num_views` is how many views of each
    protein `corrupt` returns, next to each other; with more than one the objective does not share the batch that all
    others corrupt and read in turn: its views are made of the clean batch and encoded by themselves. `columns` names
    the numbers of `score` where they describe one distribution (`stated_columns.py`); it is empty elsewhere.
    """

    forbids: ClassVar[frozenset[Reveals]] = frozenset()
    num_views: ClassVar[int] = 1
    level: ItemLevel
    columns: tuple[str, ...] = ()

    def corrupt(self, batch: ProteinBatch, corruption: Corruption) -> ProteinBatch:
        """Return the batch that the encoder sees; answers travel as extras. Supervised objectives change nothing."""
        return batch

    @abstractmethod
    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the targets of a corrupted batch."""

    @abstractmethod
    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "item ..."]:
        """Return the raw prediction (logits, or standardised values) of every item."""

    @abstractmethod
    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the loss summed (not averaged) over the given supervised items."""

    @abstractmethod
    def score(self, prediction: Tensor) -> Tensor:
        """Return what metrics and users read: probabilities, or values in the unit of the label."""


class ObjectiveConfig(Config, ABC):
    """Base of all objective configurations; the subclass adds `kind: Literal[...]`."""

    @abstractmethod
    def build(self, width: EncoderWidth) -> Objective:
        """Return the objective with its head for an encoder of this width."""
