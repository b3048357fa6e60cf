"""The grammar of any number of classes: those that hold, in rising order and each once, then the end."""

from typing import Literal

import torch
from jaxtyping import Bool, Float, Int, Num
from pydantic import Field
from torch import Tensor

from protea.objectives.token_decoder.grammar import Frame, Grammar, GrammarConfig, State, Written, hazards
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

__all__ = ["ClassSet", "ClassSetConfig"]


class ClassSetConfig(GrammarConfig):
    """Any of several classes, as `multilabel` has them."""

    kind: Literal["class_set"] = "class_set"
    num_classes: int = Field(ge=1, description="Number of classes.")

    @property
    def num_tokens(self) -> int:
        """A token per class."""
        return self.num_classes

    def build(self, vocabulary: Vocabulary, task: str) -> "ClassSet":
        """Return the grammar."""
        return ClassSet(vocabulary, task)


class ClassSet(Grammar):
    """The label is 0 or 1 per class. The score is a probability per class, given the classes decoded before it."""

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the classes after the last one, and of the end."""
        first = self.classes.start if not state else state[0] + 1
        return self.mask((END, *range(first, self.classes.stop)))

    def after(self, state: State, token: int) -> State:
        """Return the last class."""
        return (token,)

    def longest(self, frame: Frame) -> int:
        """Return the number of classes and the end."""
        return len(self.classes) + 1

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return the classes that hold, and the end."""
        if label.shape != (len(self.classes),):
            raise self.refused(f"{len(self.classes)} of 0 and 1", tuple(label.shape))
        tokens = (*(self.classes[place] for place in label.nonzero()[:, 0].tolist()), END)
        return Written(tokens, (True,) * len(tokens))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Int[Tensor, " class"]:
        """Return 0 or 1 per class."""
        found = torch.zeros(len(self.classes), dtype=torch.long)
        found[[self.classes.index(token) for token in tokens[:-1]]] = 1
        return found

    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, " class"]:
        """Return the probability of each class, given that those before it are as decoded."""
        chosen = [self.classes.index(token) for token in tokens[:-1]]
        return hazards(chosen, log_prob[:, self.classes.start : self.classes.stop], log_prob[:, END])

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, " class"]:
        """Return the complement: every class wrong."""
        return 1.0 - label.float()
