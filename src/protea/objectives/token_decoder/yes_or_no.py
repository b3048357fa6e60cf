"""The grammar of yes and no: two tokens that all such tasks share, then the end."""

from typing import Literal

import torch
from jaxtyping import Bool, Float, Int, Num
from torch import Tensor

from protea.objectives.token_decoder.grammar import CERTAIN, Frame, Grammar, GrammarConfig, State, Written
from protea.objectives.token_decoder.vocabulary import END, NO, YES, Vocabulary

__all__ = ["YesOrNo", "YesOrNoConfig"]


class YesOrNoConfig(GrammarConfig):
    """Yes or no, as `binary` has it."""

    kind: Literal["yes_or_no"] = "yes_or_no"

    def build(self, vocabulary: Vocabulary, task: str) -> "YesOrNo":
        """Return the grammar."""
        return YesOrNo(vocabulary, task)


class YesOrNo(Grammar):
    """The label is 0 or 1; the score is the probability of 1."""

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the two answers, then of the end."""
        return self.mask((END,) if state else (NO, YES))

    def after(self, state: State, token: int) -> State:
        """Return that the answer is written."""
        return (1,)

    def longest(self, frame: Frame) -> int:
        """Return 2."""
        return 2

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return answer and end."""
        if int(label) not in (0, 1):
            raise self.refused("0 or 1", label.tolist())
        return Written((YES if int(label) else NO, END), (True, True))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Int[Tensor, ""]:
        """Return 0 or 1."""
        return torch.tensor(int(tokens[0] == YES))

    def score(self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame) -> Float[Tensor, ""]:
        """Return the probability of yes."""
        return log_prob[0, YES].exp()

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, ""]:
        """Return the probability of one who is sure of the other answer."""
        return torch.tensor(CERTAIN if int(label) else 1.0 - CERTAIN)
