"""What a label grammar is: an automaton that says after each token which may follow, and how labels are its strings.

Every label is exactly one string and every string exactly one label, so a decoder that writes only what is allowed
writes something that can be read. A grammar also turns what a decoder says on its way into scores that metrics read.
Axes: step (a token to be written), column (of logits), residue.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor

from protea.config import Config
from protea.errors import InputError, describe
from protea.objectives.interface import Level
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

__all__ = ["CERTAIN", "Frame", "Grammar", "GrammarConfig", "State", "Written", "hazards"]

State = tuple[int, ...]
"""Where an automaton stands; the empty tuple is the start."""

CERTAIN = 1e-12
"""The probability that the worst answer leaves to the truth: its logarithm stays finite."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What the strings of a label depend on: how many residues there are, and which may be named (None: all)."""

    length: int
    is_open: Bool[Tensor, " residue"] | None = None


class Written(NamedTuple):
    """A label as tokens, the end included, and which of them are taught: not those that stand for what is unknown."""

    tokens: tuple[int, ...]
    is_taught: tuple[bool, ...]


class Grammar(ABC):
    """Base of all grammars. A subclass is final; it keeps no state between calls.

    `points` says that residues are tokens, `follows` that step i speaks of residue i.
    """

    level: ClassVar[Level] = "protein"
    points: ClassVar[bool] = False
    follows: ClassVar[bool] = False

    def __init__(self, vocabulary: Vocabulary, task: str) -> None:
        self.vocabulary, self.task = vocabulary, task
        self.classes = vocabulary.classes[task]
        self._masks: dict[tuple[int, ...], Bool[Tensor, " column"]] = {}

    @abstractmethod
    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return which columns may follow."""

    @abstractmethod
    def after(self, state: State, token: int) -> State:
        """Return where an allowed token leads; not asked after the end."""

    @abstractmethod
    def longest(self, frame: Frame) -> int:
        """Return the number of tokens of the longest string, the end included."""

    @abstractmethod
    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return a label as tokens; raise InputError for one that the grammar cannot say."""

    @abstractmethod
    def read(self, tokens: tuple[int, ...], frame: Frame) -> Num[Tensor, "*residue"]:
        """Return the label that a string says, in the form that `write` takes."""

    @abstractmethod
    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, "..."]:
        """Return what metrics read, given a string and the log-probabilities of all allowed tokens at each step."""

    @abstractmethod
    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, "..."]:
        """Return the score that is judged worst against a label, in the form of `score`."""

    def parse(self, tokens: Sequence[int], frame: Frame) -> Num[Tensor, "*residue"]:
        """Return the label that tokens say; raise InputError where they are no string of the grammar."""
        state: State = ()
        for place, token in enumerate(tokens):
            mask, column = self.allowed(state, frame), self.vocabulary.column(token)
            if column >= len(mask) or not mask[column]:
                break
            if token == END and place == len(tokens) - 1:
                return self.read(tuple(tokens), frame)
            if token == END:
                break
            state = self.after(state, token)
        raise InputError(
            describe("no label", where=f"task {self.task}", expected="a string of its grammar",
                     found=self.vocabulary.spelled(tuple(tokens)))
        )  # fmt: skip

    def allowed_along(self, tokens: tuple[int, ...], frame: Frame) -> Bool[Tensor, "step column"]:
        """Return which columns may be written at each step of a string."""
        state: State = ()
        rows = []
        for token in tokens:
            rows.append(self.allowed(state, frame))
            if token != END:
                state = self.after(state, token)
        return torch.stack(rows)

    def mask(self, tokens: tuple[int, ...]) -> Bool[Tensor, " column"]:
        """Return the mask of some texts."""
        if tokens not in self._masks:
            found = torch.zeros(self.vocabulary.num_texts, dtype=torch.bool)
            found[list(tokens)] = True
            self._masks[tokens] = found
        return self._masks[tokens]

    def refused(self, expected: str, found: object) -> InputError:
        """Return the error for a label that the grammar cannot say."""
        return InputError(
            describe("the label cannot be written", where=f"task {self.task}", expected=expected, found=str(found))
        )


class GrammarConfig(Config, ABC):
    """Base of all configurations of grammars; the subclass adds `kind: Literal[...]`."""

    level: ClassVar[Level] = "protein"

    @property
    def num_tokens(self) -> int:
        """Number of tokens of its own."""
        return 0

    @abstractmethod
    def build(self, vocabulary: Vocabulary, task: str) -> Grammar:
        """Return the grammar of a task of the vocabulary."""


def hazards(
    chosen: Sequence[int], log_prob: Float[Tensor, "step choice"], log_end: Float[Tensor, " step"]
) -> Float[Tensor, " choice"]:
    """Return for each choice the probability that it is named, given that those before it are as they were decoded.

    Choices are named in rising order, `chosen` is what was named before the end. At the step where the last one named
    is j, the probability of i > j among all that is left (i, what follows, the end) is that of naming i.
    """
    found = log_prob.new_zeros(log_prob.shape[1])
    first = 0
    for step, upto in enumerate([*chosen, log_prob.shape[1] - 1]):
        row = torch.cat([log_prob[step, first:], log_end[step, None]])
        tail = row.flip(0).logcumsumexp(0).flip(0)
        found[first : upto + 1] = (row - tail).exp()[: upto + 1 - first]
        first = upto + 1
    return found
