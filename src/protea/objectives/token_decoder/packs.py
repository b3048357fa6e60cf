"""Labels packed end to end, as a decoder reads them, and the memory of the proteins that they speak of.

Axes: token (of all labels, none of them padding), label, residue (of all proteins), step (of one label).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.objectives.token_decoder.grammar import Grammar
from protea.objectives.token_decoder.vocabulary import FIRST_RESIDUE

__all__ = ["Memory", "TokenPack", "pack_strings", "spoken_of"]


@dataclass(frozen=True, eq=False)
class Memory:
    """What a decoder knows of proteins: a row per residue, and keys and values of each layer made of it once."""

    state: Float[Tensor, "residue channel"]
    first: tuple[int, ...]
    """First residue of each protein, and the number of all."""
    key: tuple[Float[Tensor, "residue head dim"], ...]
    value: tuple[Float[Tensor, "residue head dim"], ...]
    pointed: Float[Tensor, "residue channel"]

    def rows(self, protein: int) -> slice:
        """Return the residues of a protein."""
        return slice(self.first[protein], self.first[protein + 1])

    def length(self, protein: int) -> int:
        """Return the number of residues of a protein."""
        return self.first[protein + 1] - self.first[protein]


@dataclass(frozen=True, eq=False)
class TokenPack:
    """What is read: the token that asks for a task, then the label without its last token; label after label.

    `step` counts from 0 in each label; `residue` is the row of the memory that a token speaks of, or -1.
    """

    text: Int[Tensor, " token"]
    step: Int[Tensor, " token"]
    residue: Int[Tensor, " token"]
    first: tuple[int, ...]
    """First token of each label, and the number of all."""
    protein: tuple[int, ...]
    """The protein of each label."""

    @property
    def lengths(self) -> tuple[int, ...]:
        """Number of tokens of each label."""
        return tuple(stop - start for start, stop in pairwise(self.first))


def spoken_of(grammar: Grammar, token: int, step: int, first: int, length: int) -> int:
    """Return the row of the memory that a token at a step speaks of, or -1.

    A token that names a residue speaks of it; where step i writes the label of residue i, it is shown residue i.
    """
    if token >= FIRST_RESIDUE and token - FIRST_RESIDUE < length:
        return first + token - FIRST_RESIDUE
    return first + step if grammar.follows and step < length else -1


def pack_strings(
    grammars: Sequence[Grammar], strings: Sequence[tuple[int, ...]], proteins: Sequence[int], memory: Memory
) -> TokenPack:
    """Return the pack in which a decoder is asked for every token of some strings, given those before it."""
    text, step, residue = [], [], []
    for grammar, tokens, protein in zip(grammars, strings, proteins, strict=True):
        first, length = memory.first[protein], memory.length(protein)
        for place, token in enumerate((grammar.vocabulary.task_token[grammar.task], *tokens[:-1])):
            text.append(token if token < FIRST_RESIDUE else -1)
            step.append(place)
            residue.append(spoken_of(grammar, token, place, first, length))
    device = memory.state.device
    return TokenPack(
        torch.tensor(text, dtype=torch.long, device=device), torch.tensor(step, dtype=torch.long, device=device),
        torch.tensor(residue, dtype=torch.long, device=device),
        tuple(accumulate((len(tokens) for tokens in strings), initial=0)), tuple(proteins),
    )  # fmt: skip
