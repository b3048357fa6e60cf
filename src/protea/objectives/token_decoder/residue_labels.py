"""The grammar of a class for every residue: one token per residue from the first to the last, then the end."""

from typing import ClassVar, Literal

import torch
from jaxtyping import Bool, Float, Int, Num
from pydantic import Field
from torch import Tensor

from protea.objectives.interface import Level
from protea.objectives.token_decoder.grammar import Frame, Grammar, GrammarConfig, State, Written
from protea.objectives.token_decoder.one_class import wrong_class
from protea.objectives.token_decoder.vocabulary import END, UNKNOWN, Vocabulary

__all__ = ["ResidueLabels", "ResidueLabelsConfig"]


class ResidueLabelsConfig(GrammarConfig):
    """A class per residue, as `multiclass` has it of residues."""

    level: ClassVar[Level] = "residue"
    kind: Literal["residue_labels"] = "residue_labels"
    num_classes: int = Field(ge=2, description="Number of classes.")

    @property
    def num_tokens(self) -> int:
        """A token per class."""
        return self.num_classes

    def build(self, vocabulary: Vocabulary, task: str) -> "ResidueLabels":
        """Return the grammar."""
        return ResidueLabels(vocabulary, task)


class ResidueLabels(Grammar):
    """The label is a class per residue; the score its log-probabilities, given the classes decoded before it.

    A state is the number of residues that have their class. A residue whose class is not known stands as `UNKNOWN` in
    what is taught; it is not taught itself, and no decoder may write it.
    """

    level: ClassVar[Level] = "residue"
    follows: ClassVar[bool] = True

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the classes while residues are left, then of the end."""
        number = state[0] if state else 0
        return self.mask(tuple(self.classes) if number < frame.length else (END,))

    def after(self, state: State, token: int) -> State:
        """Return one residue more."""
        return ((state[0] if state else 0) + 1,)

    def longest(self, frame: Frame) -> int:
        """Return the number of residues and the end."""
        return frame.length + 1

    def allowed_along(self, tokens: tuple[int, ...], frame: Frame) -> Bool[Tensor, "step column"]:
        """Return the same without a walk."""
        number = min(len(tokens), frame.length)
        classes = self.mask(tuple(self.classes)).expand(number, -1)
        return torch.cat([classes, self.mask((END,)).expand(len(tokens) - number, -1)])

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return a token per residue and the end; residues that are not open are unknown."""
        if label.shape != (frame.length,):
            raise self.refused(f"{frame.length} residues", tuple(label.shape))
        is_known = torch.ones(frame.length, dtype=torch.bool) if frame.is_open is None else frame.is_open.cpu()
        places = label.cpu().long()
        if ((places < 0) | (places >= len(self.classes)))[is_known].any():
            raise self.refused(f"classes from 0 to {len(self.classes) - 1}", places[is_known].unique().tolist())
        tokens = torch.where(is_known, places + self.classes.start, UNKNOWN).tolist()
        return Written((*tokens, END), (*is_known.tolist(), True))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Int[Tensor, " residue"]:
        """Return the class of each residue."""
        return torch.tensor(tokens[:-1], dtype=torch.long) - self.classes.start

    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, "residue class"]:
        """Return the log-probabilities of the classes of each residue."""
        return log_prob[: frame.length, self.classes.start : self.classes.stop]

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, "residue class"]:
        """Return log-probabilities that are sure of another class at every residue."""
        return wrong_class(label, len(self.classes))
