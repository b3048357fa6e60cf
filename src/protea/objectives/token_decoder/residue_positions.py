"""The grammar of positions: the residues that have something, in rising order and each once, then the end."""

from typing import ClassVar, Literal

import torch
from jaxtyping import Bool, Float, Int, Num
from torch import Tensor

from protea.objectives.interface import Level
from protea.objectives.token_decoder.grammar import Frame, Grammar, GrammarConfig, State, Written, hazards
from protea.objectives.token_decoder.vocabulary import END, FIRST_RESIDUE, Vocabulary

__all__ = ["ResiduePositions", "ResiduePositionsConfig"]


class ResiduePositionsConfig(GrammarConfig):
    """Yes or no per residue, as `binary` has it of residues, told by naming the residues that have it."""

    level: ClassVar[Level] = "residue"
    kind: Literal["residue_positions"] = "residue_positions"

    def build(self, vocabulary: Vocabulary, task: str) -> "ResiduePositions":
        """Return the grammar."""
        return ResiduePositions(vocabulary, task)


class ResiduePositions(Grammar):
    """The label is 0 or 1 per residue. The score is a probability per residue, given what was decoded before it.

    A state is the last residue named. Residues that are not open cannot be named: what is not known of them is neither
    taught as a yes nor as a no.
    """

    level: ClassVar[Level] = "residue"
    points: ClassVar[bool] = True

    def allowed(self, state: State, frame: Frame) -> Bool[Tensor, " column"]:
        """Return the mask of the open residues after the last one, and of the end."""
        return self._rows(torch.tensor([state[0] if state else -1]), frame)[0]

    def after(self, state: State, token: int) -> State:
        """Return the residue that was named."""
        return (token - FIRST_RESIDUE,)

    def longest(self, frame: Frame) -> int:
        """Return the number of residues and the end."""
        return frame.length + 1

    def allowed_along(self, tokens: tuple[int, ...], frame: Frame) -> Bool[Tensor, "step column"]:
        """Return the same without a walk."""
        return self._rows(torch.tensor([-1, *(token - FIRST_RESIDUE for token in tokens[:-1])]), frame)

    def _rows(self, last: Int[Tensor, " step"], frame: Frame) -> Bool[Tensor, "step column"]:
        is_later = torch.arange(frame.length) > last[:, None]
        if frame.is_open is not None:
            is_later = is_later & frame.is_open.cpu()
        return torch.cat([self.mask((END,)).expand(len(last), -1), is_later], dim=1)

    def write(self, label: Num[Tensor, "*residue"], frame: Frame) -> Written:
        """Return the residues that are 1 and open, and the end."""
        if label.shape != (frame.length,):
            raise self.refused(f"{frame.length} residues", tuple(label.shape))
        is_named = label.cpu() != 0
        if frame.is_open is not None:
            is_named = is_named & frame.is_open.cpu()
        tokens = (*(FIRST_RESIDUE + place for place in is_named.nonzero()[:, 0].tolist()), END)
        return Written(tokens, (True,) * len(tokens))

    def read(self, tokens: tuple[int, ...], frame: Frame) -> Int[Tensor, " residue"]:
        """Return 0 or 1 per residue."""
        found = torch.zeros(frame.length, dtype=torch.long)
        found[[token - FIRST_RESIDUE for token in tokens[:-1]]] = 1
        return found

    def score(
        self, tokens: tuple[int, ...], log_prob: Float[Tensor, "step column"], frame: Frame
    ) -> Float[Tensor, " residue"]:
        """Return the probability of each residue, given that those before it are as decoded."""
        first = self.vocabulary.num_texts
        chosen = [token - FIRST_RESIDUE for token in tokens[:-1]]
        return hazards(chosen, log_prob[:, first : first + frame.length], log_prob[:, END])

    def worst(self, label: Num[Tensor, "*residue"]) -> Float[Tensor, " residue"]:
        """Return the complement: every residue wrong, an F of 0."""
        return 1.0 - label.float()
