"""The best partners of proteins in a list: each of the list is read once, each asked protein meets all of it.

Asked proteins are read and scored one by one, so the answer about one does not follow from which others are asked with
it, not even in the last digit. The asked protein is the first of a pair, for heads that tell an order.
Axes: protein (asked), partner (row of the list), output.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from torch import Tensor

from protea.applications.interactions.pair_predictor import PairPredictor
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.applications.interactions.tiles import all_states, best_columns, probability_tiles

__all__ = ["FoundPartner", "PartnerSearch"]

_TILE_ROWS = 256
"""Tiles are as wide as those of a screen."""


class FoundPartner(NamedTuple):
    """A row of the list, the probability of its likeliest output, and which output that is."""

    row: int
    score: float
    output: str


@dataclass(frozen=True, eq=False)
class PartnerSearch:
    """A model and the sequences that may be partners; `embeddings` is their folder, where the model reads one."""

    predictor: PairPredictor
    sequences: tuple[str, ...]
    embeddings: Path | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave what was read behind: a copy in another process reads the list anew."""
        return {name: value for name, value in self.__dict__.items() if name not in ("inputs", "state")}

    @cached_property
    def inputs(self) -> ProteinInputs:
        """What is read of the list; InputError if embeddings are missing."""
        return self._inputs(self.sequences)

    @cached_property
    def state(self) -> Float[Tensor, "partner *state"]:
        """What the head keeps of each of the list."""
        return all_states(self.predictor, self.inputs, len(self.sequences))

    @property
    def reads_embeddings(self) -> bool:
        """Whether the model reads stored embeddings."""
        return self.predictor.config.inputs.reads_embeddings(reads_residues=self.predictor.head.reads_residues)

    def digest(self) -> str:
        """Return a digest of all that decides an answer: the model and what it reads of the list."""
        config, reads_residues = self.predictor.config.inputs, self.predictor.head.reads_residues
        read = config.digest(self.sequences, self.embeddings, reads_residues=reads_residues)
        return hashlib.sha256(f"{self.predictor.digest()} {read}".encode()).hexdigest()

    def best(self, sequences: Sequence[str], num: int, own_rows: Sequence[int | None]) -> list[list[FoundPartner]]:
        """Return the `num` best partners of each sequence, or all that there are; ties go to the earlier of the list.

        Args:
            sequences: the asked proteins.
            num: partners of each.
            own_rows: the row of the list that each asked protein is itself, left out; None for none.
        """
        inputs = self._inputs(sequences)
        return [self._of_one(inputs, row, num, own) for row, own in enumerate(own_rows)]

    def _of_one(self, inputs: ProteinInputs, row: int, num: int, own_row: int | None) -> list[FoundPartner]:
        own = self.predictor.states(inputs, np.array([row]))
        tiles = [tile[0] for _, tile in probability_tiles(self.predictor, own, self.state, _TILE_ROWS)]
        probability = np.concatenate(tiles)
        score = probability.max(axis=1)
        if own_row is not None:
            score[own_row] = -1.0
        num_others = len(score) - (own_row is not None)
        if num_others == 0:
            return []
        found = best_columns(score[None], min(num, num_others))
        return [
            FoundPartner(int(place), float(told), self.predictor.outputs[int(probability[place].argmax())])
            for place, told in zip(found.row[0], found.score[0], strict=True)
        ]

    def _inputs(self, sequences: Sequence[str]) -> ProteinInputs:
        predictor = self.predictor
        return ProteinInputs(predictor.config.inputs, sequences, self.embeddings, predictor.head.reads_residues)
