"""The grammar of one class of several: the class, then the end."""

import math
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int, Num
from pydantic import Field
from torch import Tensor

from protea.objectives.token_decoder.grammar import CERTAIN, Frame, Grammar, GrammarConfig, State, Written
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

__all__ = ["OneClass", "OneClassConfig", "wrong_class"]


class OneClassConfig(GrammarConfig):
    """One class of several, as `multiclass` has it."""

    kind: Literal["one_class"] = "one_class"
    num_classes: int = Field(ge=2, description="Number of classes.")

    @property
    def num_tokens(self) -> int:
        """A token per class."""
        return self.num_classes

    def build(self, vocabulary: Vocabulary, task: str) -> "OneClass":
        """Return the grammar."""
        return OneClass(vocabulary, task)


class OneClass(Grammar):
    """The label is the number of the class; the score is the natural log-probability of each."""

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the classes, then of the end."""
        return self.mask((END,) if state else tuple(self.classes))

    def after(self, state: State, token: int) -> State:
        """Return that the class is written."""
        return (1,)

    def longest(self, frame: Frame) -> int:
        """Return 2."""
        return 2

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return class and end."""
        place = int(label)
        if not 0 <= place < len(self.classes):
            raise self.refused(f"a class from 0 to {len(self.classes) - 1}", place)
        return Written((self.classes[place], END), (True, True))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Int[Tensor, ""]:
        """Return the number of the class."""
        return torch.tensor(self.classes.index(tokens[0]))

    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, " class"]:
        """Return the log-probability of each class."""
        return log_prob[0, self.classes.start : self.classes.stop]

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, " class"]:
        """Return the log-probabilities of one who is sure of another class."""
        return wrong_class(label, len(self.classes))


def wrong_class(label: Num[Tensor, "*item"], num_classes: int) -> Float[Tensor, "*item class"]:
    """Return natural log-probabilities that are sure of the class after the right one."""
    found = torch.full((*label.shape, num_classes), math.log(CERTAIN))
    return found.scatter(-1, ((label.long() + 1) % num_classes)[..., None], 0.0)
