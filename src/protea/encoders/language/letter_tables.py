"""What a masked language model says of every position of a sequence: a table [residue, letter] of log-probabilities.

Two tables. `unmasked`: the model sees the whole sequence, the letter in question included (one reading). `masked`: each
position is hidden in turn (a reading per residue). Their normalisation is over all tokens of the model, so the 20
letters of a row sum to a little less than 1.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.encoders.language.asking import TOKENS_PER_PASS, Question, answers
from protea.encoders.language.letters import (
    letter_log_probabilities,
    own_log_probability,
    replaced_unit,
    residue_letters,
)
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.windows import WHOLE, Share, WindowPolicy
from protea.errors import ContractError, InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["LetterTable", "TableKind", "letter_table", "mean_table"]

TableKind = Literal["unmasked", "masked"]


@dataclass(frozen=True, eq=False)
class LetterTable:
    """Log-probabilities of the 20 letters, and of the letter that stands there (which may be another, such as X).

    The latter is 0 where the model has no score for the letter: it stands for any.
    """

    letters: str
    log_probability: Float[np.ndarray, "residue 20"]
    own: Float[np.ndarray, " residue"]

    def change(self, position: int, letter: str) -> float:
        """Return log p(letter) - log p(own letter) at a position, from 0.

        Raises:
            InputError: if the letter is none of the twenty.
        """
        column = STANDARD_LETTERS.find(letter) if len(letter) == 1 else -1
        if column < 0:
            raise InputError(
                describe("no column for this letter", expected=f"one of {STANDARD_LETTERS}", found=repr(letter))
            )
        return float(self.log_probability[position, column] - self.own[position])

    def changes(self) -> Float[np.ndarray, "residue 20"]:
        """Return log p(letter) - log p(own letter) at every position; 0 for the letter itself."""
        return self.log_probability - self.own[:, None]


def letter_table(
    model: LanguageModel,
    sequence: str,
    kind: TableKind,
    policy: WindowPolicy = WHOLE,
    tokens_per_pass: int = TOKENS_PER_PASS,
) -> LetterTable:
    """Return the table of a sequence, spelled as the model's vocabulary asks.

    Raises:
        InputError: if the sequence is none of the model's, or longer than it can read and the policy is `whole`.
        ConfigError: if the model scores no letters.
    """
    vocabulary = model.vocabulary
    token, units = vocabulary.encode(sequence), vocabulary.split(sequence)
    places = range(vocabulary.num_before, vocabulary.num_before + len(units))
    readings = _unmasked(token, places, policy) if kind == "unmasked" else _masked(model, token, units, policy)
    asked: list[list[tuple[int, float]]] = []

    def questions() -> Iterator[Question]:
        for question, shares in readings:
            asked.append(shares)
            yield question

    rows: list[Tensor | None] = [None] * len(units)
    for number, answer in enumerate(answers(model, questions(), tokens_per_pass)):
        for row, (residue, weight) in zip(answer, asked[number], strict=True):
            known = rows[residue]
            rows[residue] = weight * row if known is None else known + weight * row
    found = torch.stack([row for row in rows if row is not None])
    return LetterTable(
        residue_letters(vocabulary, sequence),
        letter_log_probabilities(vocabulary, found).numpy(),
        own_log_probability(vocabulary, units, found).numpy(),
    )


def mean_table(tables: Sequence[LetterTable]) -> LetterTable:
    """Return the mean log-probabilities of several models, such as the seeds of ESM-1v."""
    if not tables or len({table.letters for table in tables}) > 1:
        raise ContractError(describe("a mean over tables of other sequences", expected="one sequence", where="tables"))
    return LetterTable(
        tables[0].letters,
        np.mean([table.log_probability for table in tables], axis=0),
        np.mean([table.own for table in tables], axis=0),
    )


_Readings = Iterator[tuple[Question, list[tuple[int, float]]]]
"""A question, and for each asked place the residue that it is and how much the answer counts."""


def _unmasked(token: Tensor, places: range, policy: WindowPolicy) -> _Readings:
    """Yield one question per window, about all residues that it serves."""
    served: dict[tuple[int, int], list[tuple[int, int, float]]] = defaultdict(list)
    for residue, place in enumerate(places):
        for share in policy.shares(place, len(token)):
            served[share.window.start, share.window.stop].append((place, residue, share.weight))
    for (start, stop), asked in served.items():
        own = tuple(place - start for place, _, _ in asked)
        yield Question(token[start:stop], own), [(residue, weight) for _, residue, weight in asked]


def _masked(model: LanguageModel, token: Tensor, units: Sequence[str], policy: WindowPolicy) -> _Readings:
    """Yield one question per residue and window, the residue hidden."""
    vocabulary = model.vocabulary
    for residue, unit in enumerate(units):
        place = vocabulary.num_before + residue
        hidden = token.clone()
        hidden[place] = vocabulary.id_of[replaced_unit(vocabulary, unit, None)]
        for share in policy.shares(place, len(token)):
            yield _question_at(hidden, place, share), [(residue, share.weight)]


def _question_at(token: Tensor, place: int, share: Share) -> Question:
    return Question(token[share.window], (place - share.window.start,))
