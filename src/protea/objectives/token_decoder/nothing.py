"""The label that says nothing: its only string is the end. It gives a task a token and no question."""

from typing import Literal

from jaxtyping import Bool, Float, Num
from torch import Tensor

from protea.objectives.token_decoder.grammar import Frame, Grammar, GrammarConfig, State, Written
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

__all__ = ["Nothing", "NothingConfig"]


class NothingConfig(GrammarConfig):
    """No label at all."""

    kind: Literal["nothing"] = "nothing"

    def build(self, vocabulary: Vocabulary, task: str) -> "Nothing":
        """Return the grammar."""
        return Nothing(vocabulary, task)


class Nothing(Grammar):
    """The label is an empty tensor."""

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the end."""
        return self.mask((END,))

    def after(self, state: State, token: int) -> State:
        """Return the start: nothing but the end is allowed."""
        return state

    def longest(self, frame: Frame) -> int:
        """Return 1."""
        return 1

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return the end."""
        if label.numel():
            raise self.refused("nothing", label.tolist())
        return Written((END,), (True,))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Num[Tensor, " none"]:
        """Return an empty label."""
        return Tensor([])

    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, " none"]:
        """Return an empty score."""
        return log_prob.new_zeros(0)

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, " none"]:
        """Return an empty score: there is nothing to be wrong about."""
        return Tensor([])
